package dev.hone.onnx.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.optimize.ExportedEncoder.Style;
import dev.hone.tensor.DType;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertToFloat16Test {
    @TempDir
    Path directory;

    private static OptimizerSettings float16(String... excluded) {
        return new OptimizerSettings(Level.O2, EnumSet.of(Switch.FP16), 0, 0, Set.of(excluded));
    }

    @Test
    void weightsAreHalvesAndTheOutputIsNot() {
        Path file = ExportedEncoder.of(Style.BERT).write(directory.resolve("exported.onnx"));
        try (EditableModel model = EditableModel.open(file)) {
            new OnnxOptimizer(float16()).run(model);
            assertThat(model.constantNames())
                    .allSatisfy(name -> assertThat(
                                    model.constant(name).orElseThrow().type())
                            .isNotEqualTo(DType.F32));
            assertThat(model.producer("hidden")).get().matches(node -> node.is("Cast"));
        }
    }

    @Test
    void excludedOperatorsStandBetweenCasts() {
        Optimized all = Optimized.of(ExportedEncoder.of(Style.BERT), directory, float16());
        Optimized some = Optimized.of(ExportedEncoder.of(Style.BERT), directory, float16("BiasGelu"));
        assertThat(some.count("Cast")).isEqualTo(all.count("Cast") + 2);
        assertThat(some.node("BiasGelu").input(1)).isEqualTo("inner.bias");
        assertThat(some.refusals("Float16")).contains("BiasGelu", "the operator is excluded");
    }

    @Test
    void numbersBeyondTheRangeAreItsLimits() {
        Path file = new ExportedGraph(17)
                .rows("x", "batch", 8)
                .number("large", -1e30)
                .number("small", 1e-12)
                .node("Add", "x large -> first")
                .node("Mul", "first small -> y")
                .output("y", "batch", 8)
                .write(directory.resolve("exported.onnx"));
        try (EditableModel model = EditableModel.open(file)) {
            new OnnxOptimizer(float16()).run(model);
            assertThat(model.constant("large_float16").orElseThrow().getDouble())
                    .isEqualTo(-65504);
            assertThat(model.constant("small_float16").orElseThrow().getDouble())
                    .isEqualTo(0x1p-24);
        }
    }
}
