package dev.hone.onnx.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.onnx.Attributes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuseNormalizationTest {
    @TempDir
    Path directory;

    /** A layer normalisation of x, spelt out. */
    private static ExportedGraph spelt(long axis, long keep, double exponent, int width) {
        return new ExportedGraph(11)
                .rows("x", "batch", "sequence", 8)
                .number("exponent", exponent)
                .number("epsilon", 1e-12)
                .weights("scale", width)
                .weights("bias", width)
                .node(
                        "ReduceMean",
                        "x -> mean",
                        Attributes.integers("axes", axis),
                        Attributes.integer("keepdims", keep))
                .node("Sub", "x mean -> centred")
                .node("Pow", "centred exponent -> square")
                .node("ReduceMean", "square -> variance", Attributes.integers("axes", axis))
                .node("Add", "variance epsilon -> shifted")
                .node("Sqrt", "shifted -> deviation")
                .node("Div", "centred deviation -> normal")
                .node("Mul", "normal scale -> scaled")
                .node("Add", "scaled bias -> y")
                .output("y", "batch", "sequence", 8);
    }

    @Test
    void speltOutFormBecomesOneNode() {
        Optimized optimized = Optimized.of(spelt(-1, 1, 2, 8), directory);
        assertThat(optimized.counts()).containsOnlyKeys("LayerNormalization");
        assertThat(optimized.node("LayerNormalization").inputs()).containsExactly("x", "scale", "bias");
        assertThat(optimized.node("LayerNormalization").real("epsilon", 0)).isEqualTo(1e-12f);
        assertThat(Optimized.of(spelt(2, 1, 2, 8), directory).count("LayerNormalization"))
                .isEqualTo(1);
        assertThat(Optimized.of(spelt(-1, 1, 2, 8), directory, Switch.DISABLE_LAYER_NORM)
                        .count("ReduceMean"))
                .isEqualTo(2);
    }

    @Test
    void nearMissesAreLeftAloneWithTheirReasons() {
        Optimized axis = Optimized.of(spelt(1, 1, 2, 8), directory);
        assertThat(axis.count("LayerNormalization")).isZero();
        assertThat(axis.refusals("LayerNormalization")).contains("not taken over the last axis");
        assertThat(Optimized.of(spelt(-1, 1, 3, 8), directory).count("LayerNormalization"))
                .isZero();
        Optimized width = Optimized.of(spelt(-1, 1, 2, 1), directory);
        assertThat(width.count("LayerNormalization")).isZero();
        assertThat(width.refusals("LayerNormalization")).contains("has the shape [1] beside rows of 8");
        Optimized shared = Optimized.of(spelt(-1, 1, 2, 8).output("normal", "batch", "sequence", 8), directory);
        assertThat(shared.count("LayerNormalization")).isZero();
        assertThat(shared.refusals("LayerNormalization")).contains("normal is an output of the model");
    }

    private static ExportedGraph skipped(Object firstAxis, Object... more) {
        return new ExportedGraph(17)
                .rows("a", "batch", "sequence", 8)
                .rows("b", firstAxis, more[0], more[1])
                .weights("scale", 8)
                .weights("bias", 8)
                .weights("linear.bias", 8)
                .node("Add", "a linear.bias -> biased")
                .node("Add", "biased b -> sum")
                .node("LayerNormalization", "sum scale bias -> y", Attributes.integer("axis", -1))
                .output("y", "batch", "sequence", 8);
    }

    @Test
    void sumAndItsBiasJoinTheNormalization() {
        Optimized optimized = Optimized.of(skipped("batch", "sequence", 8), directory);
        assertThat(optimized.counts()).containsOnlyKeys("com.microsoft.SkipLayerNormalization");
        assertThat(optimized.node("SkipLayerNormalization").inputs())
                .containsExactly("a", "b", "scale", "bias", "linear.bias");
        assertThat(optimized.node("SkipLayerNormalization").real("epsilon", 0)).isEqualTo(1e-5f);
        Optimized apart = Optimized.of(skipped("batch", "sequence", 8), directory, Switch.DISABLE_BIAS_SKIP_LAYER_NORM);
        assertThat(apart.count("Add")).isEqualTo(1);
        assertThat(Optimized.of(skipped("batch", "sequence", 8), directory, Switch.DISABLE_SKIP_LAYER_NORM)
                        .count("Add"))
                .isEqualTo(2);
    }

    @Test
    void rowsOfAnotherShapeAreNotSkipped() {
        Optimized optimized = Optimized.of(skipped(1, "sequence", 8), directory);
        assertThat(optimized.microsoft("SkipLayerNormalization")).isZero();
        assertThat(optimized.refusals("SkipLayerNormalization")).contains("does not spread");
    }

    @Test
    void aSumThatIsReadElsewhereIsAResultToo() {
        ExportedGraph graph = skipped("batch", "sequence", 8).output("sum", "batch", "sequence", 8);
        Optimized optimized = Optimized.of(graph, directory);
        assertThat(optimized.counts()).containsOnlyKeys("com.microsoft.SkipLayerNormalization");
        assertThat(optimized.node("SkipLayerNormalization").outputs()).containsExactly("y", "", "", "sum");
    }

    @Test
    void anotherAxisIsLeftAlone() {
        ExportedGraph graph = new ExportedGraph(17)
                .rows("a", "batch", "sequence", 8)
                .rows("b", "batch", "sequence", 8)
                .weights("scale", 8)
                .weights("bias", 8)
                .node("Add", "a b -> sum")
                .node("LayerNormalization", "sum scale bias -> y", Attributes.integer("axis", 1))
                .output("y", "batch", "sequence", 8);
        Optimized optimized = Optimized.of(graph, directory);
        assertThat(optimized.microsoft("SkipLayerNormalization")).isZero();
        assertThat(optimized.refusals("SkipLayerNormalization")).contains("normalises from axis 1");
    }
}
