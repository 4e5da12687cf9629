package dev.hone.onnx.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuseGeluTest {
    @TempDir
    Path directory;

    /** {@code x/2 * (1 + erf(x / root))}, with what follows the {@code Erf} as given. */
    private static ExportedGraph erf(double root, double shift, double half) {
        return new ExportedGraph(17)
                .rows("x", "batch", "sequence", 8)
                .number("root", root)
                .number("shift", shift)
                .number("half", half)
                .node("Div", "x root -> argument")
                .node("Erf", "argument -> erf")
                .node("Add", "erf shift -> shifted")
                .node("Mul", "x shifted -> product")
                .node("Mul", "product half -> y")
                .output("y", "batch", "sequence", 8);
    }

    @Test
    void exactFormBecomesGelu() {
        Optimized optimized = Optimized.of(erf(Math.sqrt(2), 1, 0.5), directory);
        assertThat(optimized.counts()).containsOnlyKeys("com.microsoft.Gelu");
        assertThat(optimized.node("Gelu").inputs()).containsExactly("x");
    }

    @Test
    void otherConstantsAreLeftAlone() {
        assertThat(Optimized.of(erf(1.5, 1, 0.5), directory).refusals("Gelu")).contains("not the polynomial");
        assertThat(Optimized.of(erf(Math.sqrt(2), 2, 0.5), directory).microsoft("Gelu"))
                .isZero();
        assertThat(Optimized.of(erf(Math.sqrt(2), 1, 0.4), directory).microsoft("Gelu"))
                .isZero();
    }

    @Test
    void innerValuesThatOthersReadAreLeftAlone() {
        ExportedGraph graph = erf(Math.sqrt(2), 1, 0.5).output("shifted", "batch", "sequence", 8);
        Optimized optimized = Optimized.of(graph, directory);
        assertThat(optimized.microsoft("Gelu")).isZero();
        assertThat(optimized.refusals("Gelu")).contains("shifted is an output of the model");
    }

    @Test
    void anotherValueInTheProductIsLeftAlone() {
        ExportedGraph graph = new ExportedGraph(17)
                .rows("x", "batch", 8)
                .rows("z", "batch", 8)
                .number("root", Math.sqrt(2))
                .number("unit", 1)
                .number("half", 0.5)
                .node("Div", "x root -> argument")
                .node("Erf", "argument -> erf")
                .node("Add", "erf unit -> shifted")
                .node("Mul", "z shifted -> product")
                .node("Mul", "product half -> y")
                .output("y", "batch", 8);
        Optimized optimized = Optimized.of(graph, directory);
        assertThat(optimized.microsoft("Gelu")).isZero();
        assertThat(optimized.refusals("Gelu")).contains("y is an output of the model");
    }

    private static ExportedGraph tanh(double cubic) {
        return new ExportedGraph(17)
                .rows("x", "batch", "sequence", 8)
                .number("cubic", cubic)
                .number("factor", Math.sqrt(2 / Math.PI))
                .number("unit", 1)
                .number("half", 0.5)
                .number("three", 3)
                .node("Pow", "x three -> cube")
                .node("Mul", "cube cubic -> scaled")
                .node("Add", "x scaled -> sum")
                .node("Mul", "factor sum -> argument")
                .node("Tanh", "argument -> tanh")
                .node("Add", "unit tanh -> shifted")
                .node("Mul", "half x -> halved")
                .node("Mul", "halved shifted -> y")
                .output("y", "batch", "sequence", 8);
    }

    @Test
    void tanhFormBecomesFastGelu() {
        assertThat(Optimized.of(tanh(0.044715), directory).counts()).containsOnlyKeys("com.microsoft.FastGelu");
        assertThat(Optimized.of(tanh(0.0447), directory).microsoft("FastGelu")).isZero();
    }

    @Test
    void switchesLeaveItAlone() {
        ExportedGraph graph = erf(Math.sqrt(2), 1, 0.5);
        assertThat(Optimized.of(graph, directory, Switch.DISABLE_GELU).count("Erf"))
                .isEqualTo(1);
        assertThat(Optimized.of(graph, directory, Switch.ENABLE_GELU_APPROXIMATION)
                        .counts())
                .containsOnlyKeys("com.microsoft.FastGelu");
    }

    /** Gelu of {@code before + bias}; in {@code shared}, the sum is an output too. */
    private static ExportedGraph biased(int biasLength, boolean shared) {
        ExportedGraph graph = new ExportedGraph(17)
                .rows("before", "batch", "sequence", 8)
                .weights("bias", biasLength)
                .node("Add", "bias before -> x")
                .number("root", Math.sqrt(2))
                .number("unit", 1)
                .number("half", 0.5)
                .node("Div", "x root -> argument")
                .node("Erf", "argument -> erf")
                .node("Add", "erf unit -> shifted")
                .node("Mul", "x shifted -> product")
                .node("Mul", "product half -> y")
                .output("y", "batch", "sequence", 8);
        return shared ? graph.output("x", "batch", "sequence", 8) : graph;
    }

    @Test
    void biasOfOneValueForEachColumnIsTaken() {
        Optimized optimized = Optimized.of(biased(8, false), directory);
        assertThat(optimized.counts()).containsOnlyKeys("com.microsoft.BiasGelu");
        assertThat(optimized.node("BiasGelu").inputs()).containsExactly("before", "bias");
        assertThat(Optimized.of(biased(8, false), directory, Switch.DISABLE_BIAS_GELU)
                        .counts())
                .containsOnlyKeys("Add", "com.microsoft.Gelu");
    }

    @Test
    void otherBiasesAreLeftAlone() {
        Optimized narrow = Optimized.of(biased(1, false), directory);
        assertThat(narrow.microsoft("BiasGelu")).isZero();
        assertThat(narrow.refusals("BiasGelu")).contains("bias has 1 elements beside rows of 8");
        Optimized shared = Optimized.of(biased(8, true), directory);
        assertThat(shared.microsoft("BiasGelu")).isZero();
        assertThat(shared.refusals("BiasGelu")).contains("x is an output of the model");
    }
}
