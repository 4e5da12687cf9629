package dev.hone.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.checkpoint.OnnxOutput;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.optimize.AlmostAttention;
import dev.hone.onnx.optimize.ExportedEncoder;
import dev.hone.onnx.optimize.ExportedEncoder.Style;
import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.optimize.Miss;
import dev.hone.onnx.optimize.OnnxOptimizer;
import dev.hone.onnx.optimize.OptimizerReport;
import dev.hone.onnx.optimize.OptimizerSettings;
import dev.hone.onnx.optimize.Switch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimised files in ONNX Runtime: loaded and answering as the original, for each level and switch. */
class OptimizedOnnxTest {
    private static final double EXACT = 1e-4;
    private static final double APPROXIMATE = 2e-2;

    @TempDir
    private Path folder;

    static List<Style> styles() {
        return List.of(
                Style.BERT,
                Style.OLD_BERT,
                Style.DISTILBERT,
                Style.OLD_DISTILBERT,
                Style.ROBERTA,
                Style.SCALED_DOT_PRODUCT,
                Style.WITHOUT_MASK);
    }

    private static Stream<OptimizerSettings> settings() {
        List<OptimizerSettings> all = new ArrayList<>();
        for (Level level : Level.values()) {
            Set<Switch> needed = level.narrows() ? EnumSet.of(Switch.OPTIMIZE_FOR_GPU) : Set.of();
            all.add(new OptimizerSettings(level, needed, 0, 0, Set.of()));
        }
        for (Switch one : Switch.values()) {
            all.add(OptimizerSettings.of(Level.EXTENDED, one));
        }
        return all.stream();
    }

    private static Stream<OptimizerSettings> everySetting() {
        return settings();
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void everyStyleAnswersAsBefore(OptimizerSettings settings) {
        for (Style style : styles()) {
            Path original = ExportedEncoder.of(style).write(folder.resolve("original.onnx"));
            Path changed = folder.resolve("changed.onnx");
            OptimizerReport report = optimize(original, changed, settings);
            boolean padded = !settings.switches().contains(Switch.NO_ATTENTION_MASK);
            OnnxAgreement agreement = OnnxAgreement.of(original, changed, padded);
            assertThat(agreement.values()).isPositive();
            assertThat(agreement.largest())
                    .as("%s with %s: %s", style, settings, report)
                    .isLessThanOrEqualTo(settings.changesAnswers() ? APPROXIMATE : EXACT);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Miss.class, mode = EnumSource.Mode.EXCLUDE, names = "KEY_PERMUTATION")
    void attentionThatIsUnusualAnswersAsBefore(Miss miss) {
        Path original = AlmostAttention.of(miss).write(folder.resolve("original.onnx"));
        Path changed = folder.resolve("changed.onnx");
        OptimizerReport report = optimize(original, changed, OptimizerSettings.of(Level.O2));
        OnnxAgreement agreement = OnnxAgreement.of(original, changed, true);
        assertThat(agreement.values()).isPositive();
        assertThat(agreement.largest()).as("%s: %s", miss, report).isLessThanOrEqualTo(EXACT);
    }

    private static OptimizerReport optimize(Path original, Path changed, OptimizerSettings settings) {
        try (EditableModel model = EditableModel.open(original)) {
            OptimizerReport report = new OnnxOptimizer(settings).run(model);
            model.save(changed, OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
            return report;
        }
    }
}
