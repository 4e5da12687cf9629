package dev.hone.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.quantize.ByteType;
import dev.hone.onnx.quantize.StaticForm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class GridTest {
    private static Grid grid(Object... namesAndValues) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            axes.put((String) namesAndValues[index], List.of(((String) namesAndValues[index + 1]).split(" ", -1)));
        }
        return Grid.of(axes);
    }

    private static List<String> texts(Grid grid) {
        return grid.settings().stream().map(Setting::toString).toList();
    }

    @Test
    void whatMeansNothingBesideOthersIsLeftOutWithAWord() {
        Grid grid =
                grid("mode", "none dynamic static", "calibration", "minmax percentile", "per_channel", "true false");
        assertThat(grid.combinations()).isEqualTo(12);
        assertThat(texts(grid))
                .containsExactly(
                        "mode=none",
                        "mode=dynamic per_channel=true",
                        "mode=dynamic per_channel=false",
                        "mode=static per_channel=true calibration=minmax",
                        "mode=static per_channel=false calibration=minmax",
                        "mode=static per_channel=true calibration=percentile",
                        "mode=static per_channel=false calibration=percentile");
        assertThat(grid.notes())
                .contains("with mode dynamic: calibration")
                .anyMatch(note -> note.startsWith("with mode none: ") && note.contains("per_channel"));
    }

    @Test
    void percentilesNeedTheirMethod() {
        assertThat(texts(grid(
                        "mode", "static", "calibration", "minmax percentile", "calibration_percentile", "99.0 99.9")))
                .containsExactly(
                        "mode=static calibration=minmax",
                        "mode=static calibration=percentile calibration_percentile=99.0",
                        "mode=static calibration=percentile calibration_percentile=99.9");
    }

    @Test
    void shardsAndMemoryAreForMeasuredRangesOnly() {
        Grid grid = grid("mode", "dynamic static", "calibration_shards", "1 4", "memory_budget", "100");
        assertThat(texts(grid))
                .containsExactly(
                        "mode=dynamic",
                        "mode=static calibration_shards=1 memory_budget=100",
                        "mode=static calibration_shards=4 memory_budget=100");
        assertThat(grid.notes()).contains("with mode dynamic: calibration_shards, memory_budget");
    }

    @Test
    void levelsWithoutFusionsHaveNoSwitches() {
        assertThat(texts(grid("level", "0 O1 O2", "disable_gelu", "false true")))
                .containsExactly("level=0", "level=O1", "level=O2 disable_gelu=false", "level=O2 disable_gelu=true");
        assertThat(texts(grid("level", "O2", "disable_gelu", "false true", "optimize_with_onnxruntime_only", "true")))
                .hasSize(1);
    }

    @Test
    void honeTakesPrecisionsAndNothingElse() {
        assertThat(texts(grid("engine", "onnxruntime hone", "precision", "f32 int8", "level", "O1 O2")))
                .containsExactly(
                        "onnxruntime level=O1", "onnxruntime level=O2", "hone precision=f32", "hone precision=int8");
    }

    @Test
    void settingsBecomeThoseOfTheTools() {
        Setting setting = new Setting(Map.of(
                "level",
                "O3",
                "fp16",
                "true",
                "mode",
                "static",
                "weights",
                "u8",
                "operators",
                "Gather,MatMul",
                "static_format",
                "qoperator",
                "per_channel",
                "false"));
        assertThat(setting.optimization().orElseThrow().level()).isEqualTo(Level.O3);
        assertThat(setting.optimization().orElseThrow().changesAnswers()).isTrue();
        var quantization = setting.quantization().orElseThrow();
        assertThat(quantization.choice().operators()).containsExactlyInAnyOrder("Gather", "MatMul");
        assertThat(quantization.weights().type()).isEqualTo(ByteType.U8);
        assertThat(quantization.weights().perColumn()).isFalse();
        assertThat(quantization.form().orElseThrow().format()).isEqualTo(StaticForm.Format.QOPERATOR);
        assertThat(new Setting(Map.of("level", "0", "mode", "none")).changesNothing())
                .isTrue();
        assertThat(new Setting(Map.of("per_channel", "true")).mode()).isEqualTo("dynamic");
        assertThat(Setting.ORIGINAL.changesNothing()).isTrue();
    }

    @Test
    void hugeGridsAreCountedWithoutMakingThem() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        List<String> values =
                IntStream.range(0, 100).mapToObj(Integer::toString).toList();
        for (int axis = 0; axis < 12; axis++) {
            axes.put("axis" + axis, values);
        }
        assertThat(Grid.size(axes)).isEqualTo(Long.MAX_VALUE);
    }
}
