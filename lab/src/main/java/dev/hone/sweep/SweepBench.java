package dev.hone.sweep;

import dev.hone.evaluate.Judge;
import dev.hone.evaluate.LengthCalls;
import dev.hone.evaluate.Prediction;
import dev.hone.evaluate.Predictor;
import dev.hone.optimize.Journal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures settings, each thing once: what the journal holds is not measured again, nor what was measured of an equal
 * file.
 *
 * <p>Two models are open at most: the one that others are held against, and one of those.
 */
final class SweepBench implements AutoCloseable {
    private final SweepSubject subject;
    private final SettingModels models;
    private final Journal journal;
    private final Map<String, String> stamp;
    private final PairTiming timing;
    private final Map<Setting, Built> built = new HashMap<>();

    private List<Prediction> originalAnswers = List.of();
    private @Nullable Opened reference;
    private @Nullable Opened other;

    private record Opened(Setting setting, Predictor predictor) {}

    /**
     * @param stamp what measurements depend on besides model, data and setting
     */
    SweepBench(SweepSubject subject, SettingModels models, Journal journal, String stamp, PairTiming timing) {
        this.subject = subject;
        this.models = models;
        this.journal = journal;
        this.stamp = Map.of(
                "model", subject.modelChecksum(),
                "data", subject.dataChecksum(),
                "machine", stamp,
                "batch", Integer.toString(subject.batch()));
        this.timing = timing;
    }

    Built built(Setting setting) {
        return built.computeIfAbsent(
                setting,
                _ -> journal.measured(key(setting.toString(), "file"), Built.class, () -> models.build(setting)));
    }

    /** What two settings have in common that give the same answers in the same time. */
    String identity(Setting setting) {
        return setting.engine() + " " + setting.precision() + " "
                + built(setting).checksum();
    }

    Answered answers(Setting setting) {
        return journal.measured(key(identity(setting), "answers"), Answered.class, () -> answer(setting));
    }

    PairTimes times(Setting setting, Setting held, int repeat) {
        String what = "times " + repeat + " beside " + identity(held);
        return journal.measured(
                key(identity(setting), what),
                PairTimes.class,
                () -> timing.time(reference(held).predictor(), other(setting).predictor()));
    }

    private Answered answer(Setting setting) {
        if (originalAnswers.isEmpty()) {
            originalAnswers = predictions(reference(Setting.ORIGINAL).predictor());
        }
        boolean isOriginal = setting.equals(Setting.ORIGINAL);
        List<Prediction> said =
                isOriginal ? originalAnswers : predictions(other(setting).predictor());
        Judge judge = subject.judge();
        double[][] outcomes = new double[said.size()][];
        double[][] agreement = new double[said.size()][];
        for (int row = 0; row < outcomes.length; row++) {
            outcomes[row] = judge.outcome(subject.rows().get(row), said.get(row));
            agreement[row] = judge.agreement(originalAnswers.get(row), said.get(row));
        }
        return new Answered(outcomes, agreement);
    }

    private List<Prediction> predictions(Predictor predictor) {
        return LengthCalls.answer(subject.rows(), subject.batch(), predictor::answer);
    }

    private Map<String, String> key(String of, String what) {
        Map<String, String> key = new LinkedHashMap<>(stamp);
        key.put("of", of);
        key.put("what", what);
        return key;
    }

    private Opened reference(Setting setting) {
        if (reference == null || !reference.setting().equals(setting)) {
            close(reference);
            reference = null;
            reference = new Opened(setting, models.open(setting));
        }
        return reference;
    }

    private Opened other(Setting setting) {
        if (other == null || !other.setting().equals(setting)) {
            close(other);
            other = null;
            other = new Opened(setting, models.open(setting));
        }
        return other;
    }

    /** The setting is measured for now: its model is closed, and its file goes. */
    void finish(Setting setting) {
        if (other != null && other.setting().equals(setting)) {
            close(other);
            other = null;
        } else {
            models.release(setting);
        }
    }

    private void close(@Nullable Opened opened) {
        if (opened != null) {
            opened.predictor().close();
            models.release(opened.setting());
        }
    }

    @Override
    public void close() {
        close(reference);
        close(other);
        reference = null;
        other = null;
    }
}
