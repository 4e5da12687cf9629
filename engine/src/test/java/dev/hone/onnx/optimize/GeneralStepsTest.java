package dev.hone.onnx.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.optimize.ExportedEncoder.Style;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneralStepsTest {
    @TempDir
    Path directory;

    @Test
    void levelZeroLeavesAllAsItIs() {
        Optimized optimized =
                Optimized.of(ExportedEncoder.of(Style.BERT), directory, OptimizerSettings.of(Level.DISABLED));
        assertThat(optimized.report().differences()).isEmpty();
    }

    @Test
    void basicLevelsFuseNoOperators() {
        Optimized optimized = Optimized.of(ExportedEncoder.of(Style.BERT), directory, OptimizerSettings.of(Level.O1));
        assertThat(optimized.counts().keySet()).noneMatch(operator -> operator.startsWith("com.microsoft"));
        assertThat(optimized.report().nodesAfter())
                .isLessThan(optimized.report().nodesBefore());
        assertThat(optimized.count("Concat")).as("shapes are constants").isZero();
    }

    @Test
    void differencesCarryTheirSigns() {
        Optimized optimized = Optimized.of(ExportedEncoder.of(Style.BERT), directory);
        assertThat(optimized.report().differences())
                .containsEntry("Erf", -1)
                .containsEntry("com.microsoft.BiasGelu", 1);
    }

    @Test
    void weightsAreTransposedOnce() {
        ExportedGraph graph = new ExportedGraph(17)
                .rows("x", "batch", 8)
                .weights("weight", 4, 8)
                .node("Transpose", "weight -> turned", Attributes.integers("perm", 1, 0))
                .node("MatMul", "x turned -> y")
                .output("y", "batch", 4);
        Path file = graph.write(directory.resolve("exported.onnx"));
        try (EditableModel model = EditableModel.open(file)) {
            float wanted = model.constant("weight").orElseThrow().toFloatArray()[5];
            new OnnxOptimizer(OptimizerSettings.of(Level.BASIC)).run(model);
            assertThat(model.operatorCounts()).containsOnlyKeys("MatMul");
            String weight = model.nodes().getFirst().input(1);
            assertThat(model.constant(weight).orElseThrow().getDouble(5, 0)).isEqualTo(wanted);
        }
    }

    /** A product of rows with as many axes as given, and a bias of so many elements. */
    private static ExportedGraph biasedProduct(int axes, int biasLength) {
        Object[] rows = axes == 2 ? new Object[] {"batch", 8} : new Object[] {"batch", "sequence", 8};
        Object[] result = axes == 2 ? new Object[] {"batch", 4} : new Object[] {"batch", "sequence", 4};
        return new ExportedGraph(17)
                .rows("x", rows)
                .weights("weight", 8, 4)
                .weights("bias", biasLength)
                .node("MatMul", "x weight -> product")
                .node("Add", "bias product -> y")
                .output("y", result);
    }

    @Test
    void aBiasOfAProductOfMatricesIsTaken() {
        Optimized optimized = Optimized.of(biasedProduct(2, 4), directory, OptimizerSettings.of(Level.BASIC));
        assertThat(optimized.counts()).containsOnlyKeys("Gemm");
        assertThat(optimized.node("Gemm").inputs()).containsExactly("x", "weight", "bias");
    }

    @Test
    void otherBiasedProductsStay() {
        assertThat(Optimized.of(biasedProduct(3, 4), directory).counts()).containsOnlyKeys("Add", "MatMul");
        Optimized narrow = Optimized.of(biasedProduct(2, 1), directory);
        assertThat(narrow.count("Gemm")).isZero();
        assertThat(narrow.refusals("Gemm")).contains("bias has 1 elements beside rows of 4");
    }

    @Test
    void outputsThatOnlyHandOnAreMadeAtOnce() {
        ExportedGraph graph = new ExportedGraph(17)
                .rows("x", "batch", 8)
                .node("Tanh", "x -> inner")
                .node("Identity", "inner -> y")
                .node("Erf", "inner -> z")
                .node("Identity", "x -> w")
                .output("y", "batch", 8)
                .output("z", "batch", 8)
                .output("w", "batch", 8);
        Optimized optimized = Optimized.of(graph, directory);
        assertThat(optimized.node("Tanh").outputs()).containsExactly("y");
        assertThat(optimized.node("Erf").inputs()).containsExactly("y");
        assertThat(optimized.node("Identity").inputs())
                .as("inputs keep their names")
                .containsExactly("x");
    }

    @Test
    void castsThatLoseSomethingStay() {
        ExportedGraph graph = new ExportedGraph(17)
                .rows("x", "batch", 8)
                .node("Cast", "x -> narrow", Attributes.integer("to", 7))
                .node("Cast", "narrow -> y", Attributes.integer("to", 1))
                .output("y", "batch", 8);
        assertThat(Optimized.of(graph, directory).count("Cast")).isEqualTo(2);
        ExportedGraph lossless = new ExportedGraph(17)
                .rows("x", "batch", 8)
                .node("Cast", "x -> wide", Attributes.integer("to", 11))
                .node("Cast", "wide -> narrow", Attributes.integer("to", 1))
                .node("Tanh", "narrow -> y")
                .output("y", "batch", 8);
        assertThat(Optimized.of(lossless, directory).counts()).containsOnlyKeys("Tanh");
    }

    @Test
    void reshapesWithTwoOpenExtentsStay() {
        ExportedGraph graph = new ExportedGraph(17)
                .rows("x", "batch", "sequence", 8)
                .rows("z", "rows", "columns", 8)
                .node("Shape", "z -> shape")
                .node("Reshape", "x shape -> y")
                .output("y", "rows", "columns", 8);
        Optimized optimized = Optimized.of(graph, directory);
        assertThat(optimized.count("Shape")).isEqualTo(1);
        assertThat(optimized.refusals("ReshapeFusion")).contains("two extents are neither fixed nor kept");
    }

    @Test
    void damagedGraphsAreSaid() {
        ExportedGraph permuted = new ExportedGraph(17)
                .rows("x", "batch", 8)
                .node("Transpose", "x -> y", Attributes.integers("perm", 0, 7))
                .output("y", "batch", 8);
        assertThatThrownBy(() -> Optimized.of(permuted, directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("its axes do not fit");
        ExportedGraph scalar = new ExportedGraph(17)
                .rows("x")
                .node("ReduceMean", "x -> mean", Attributes.integers("axes", -1))
                .node("Mul", "mean mean -> square")
                .node("ReduceMean", "square -> y", Attributes.integers("axes", -1))
                .output("y");
        assertThatThrownBy(() -> Optimized.of(scalar, directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("ReduceMean");
    }

    @Test
    void wrongSettingsAreRefused() {
        assertThatThrownBy(() -> Level.parse("O5"))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("O1, O2, O3");
        assertThatThrownBy(() -> OptimizerSettings.of(Level.O4))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("--optimize-for-gpu");
        assertThatThrownBy(() -> OptimizerSettings.of(Level.O2, Switch.USE_MASK_INDEX, Switch.NO_ATTENTION_MASK))
                .isInstanceOf(HoneException.class);
        assertThatThrownBy(() -> new OptimizerSettings(Level.O2, Set.of(), 5, 12, Set.of()))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("no multiple of 5 heads");
    }
}
