package dev.hone.onnx.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.onnx.optimize.ExportedEncoder.Style;
import dev.hone.tensor.Tensor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuseEmbeddingsTest {
    @TempDir
    Path directory;

    private EditableNode embeddings(Style style) {
        return Optimized.of(ExportedEncoder.of(style), directory).node("EmbedLayerNormalization");
    }

    @Test
    void wordsPositionsAndSegmentsAreOneNode() {
        assertThat(embeddings(Style.BERT).inputs())
                .containsExactly(
                        "input_ids_int32",
                        "token_type_ids_int32",
                        "words",
                        "positions",
                        "segments",
                        "states.scale",
                        "states.bias");
    }

    @Test
    void segmentsMayBeMissing() {
        assertThat(embeddings(Style.DISTILBERT).inputs())
                .containsExactly("input_ids_int32", "", "words", "positions", "", "states.scale", "states.bias");
    }

    @Test
    void computedPositionsAreAnOperandAndOneSegmentJoinsTheirTable() {
        Path file = ExportedEncoder.of(Style.ROBERTA).write(directory.resolve("exported.onnx"));
        try (EditableModel model = EditableModel.open(file)) {
            Tensor positions = model.constant("positions").orElseThrow();
            Tensor segments = model.constant("segments").orElseThrow();
            new OnnxOptimizer(OptimizerSettings.of(Level.O2)).run(model);
            EditableNode node = model.nodes().stream()
                    .filter(each -> each.operator().equals("EmbedLayerNormalization"))
                    .findFirst()
                    .orElseThrow();
            assertThat(node.inputs()).hasSize(9);
            assertThat(node.input(1)).isEmpty();
            assertThat(model.producer(node.input(8))).get().matches(cast -> cast.is("Cast"));
            Tensor joined = model.constant(node.input(3)).orElseThrow();
            assertThat(joined.getDouble(7, 3))
                    .isEqualTo((float) positions.getDouble(7, 3) + (float) segments.getDouble(0, 3));
        }
    }

    /** Words and positions under a normalisation; the positions are a prefix of a constant row. */
    private static ExportedGraph small(boolean counting, String start, Object... output) {
        return new ExportedGraph(17)
                .ids("input_ids", "batch", "sequence")
                .weights("words", 20, 8)
                .weights("positions", 40, 8)
                .weights("scale", 8)
                .weights("bias", 8)
                .row("counting", 40, counting)
                .index("one", 1)
                .longs("first", 0)
                .longs("third", 3)
                .longs("single", 1)
                .node("Shape", "input_ids -> shape")
                .node("Gather", "shape single -> length")
                .node("Slice", "counting " + start + " length single single -> ids")
                .node("Gather", "words input_ids -> word.rows")
                .node("Gather", "positions ids -> position.rows")
                .node("Add", "word.rows position.rows -> sum")
                .node("LayerNormalization", "sum scale bias -> y", Attributes.integer("axis", -1))
                .output("y", output);
    }

    @Test
    void positionsThatDoNotCountAreAnOperand() {
        Object[] shape = {"batch", "sequence", 8};
        assertThat(Optimized.of(small(true, "first", shape), directory)
                        .node("EmbedLayerNormalization")
                        .inputs())
                .hasSize(7);
        assertThat(Optimized.of(small(false, "first", shape), directory)
                        .node("EmbedLayerNormalization")
                        .inputs())
                .hasSize(9);
        Optimized shifted = Optimized.of(small(true, "third", shape), directory);
        assertThat(shifted.microsoft("EmbedLayerNormalization")).isZero();
        assertThat(shifted.refusals("EmbedLayerNormalization")).contains("which the fused operator does not read");
    }

    @Test
    void rowsThatOthersReadAreLeftAlone() {
        ExportedGraph graph = small(true, "first", "batch", "sequence", 8).output("sum", "batch", "sequence", 8);
        Optimized optimized = Optimized.of(graph, directory);
        assertThat(optimized.microsoft("EmbedLayerNormalization")).isZero();
        assertThat(optimized.refusals("EmbedLayerNormalization")).contains("sum is an output of the model");
    }

    @Test
    void theSwitchLeavesThemAlone() {
        Optimized optimized = Optimized.of(ExportedEncoder.of(Style.BERT), directory, Switch.DISABLE_EMBED_LAYER_NORM);
        assertThat(optimized.microsoft("EmbedLayerNormalization")).isZero();
        assertThat(optimized.count("LayerNormalization")).isEqualTo(1);
    }
}
