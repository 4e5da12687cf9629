package dev.hone.optimize;

import dev.hone.evaluate.Judge;
import dev.hone.evaluate.LengthCalls;
import dev.hone.evaluate.Prediction;
import dev.hone.evaluate.Predictor;
import dev.hone.evaluate.data.Example;
import dev.hone.optimize.OpenedWay.Opener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures ways to run a model, each thing once: what the journal holds is not measured again.
 *
 * <p>The original stays open from its first use on, and one other way beside it.
 */
final class Workbench implements AutoCloseable {
    private static final double NANOS_A_SECOND = 1e9;

    private final Subject subject;
    private final Opener opener;
    private final Journal journal;
    private final Map<String, String> stamp;
    private final Map<Map<String, String>, Object> read = new HashMap<>();

    private @Nullable OpenedWay original;
    private @Nullable OpenedWay other;
    private @Nullable Way otherWay;

    /** The side of the rows that is answered. */
    enum Part {
        SEARCH("search"),
        HELD_OUT("held-out");

        private final String label;

        Part(String label) {
            this.label = label;
        }
    }

    /**
     * A stretch of rows.
     *
     * @param to behind the last one
     */
    record Stretch(Part part, int from, int to) {}

    /** Outcomes of rows in their order, and the time that the answers took. */
    @SuppressWarnings("ArrayRecordComponent") // Read only; JSON has no other form for it.
    record Answered(double seconds, double[][] outcomes) {
        double secondsPerRow() {
            return seconds / Math.max(1, outcomes.length);
        }
    }

    /** @param stamp what measurements depend on besides the model and the data */
    Workbench(Subject subject, Opener opener, Journal journal, String stamp) {
        this.subject = subject;
        this.opener = opener;
        this.journal = journal;
        this.stamp = Map.of(
                "model",
                subject.checksum(),
                "data",
                subject.rows().checksum(),
                "judge",
                subject.judge().toString(),
                "machine",
                stamp);
    }

    List<Example> rows(Part part) {
        return switch (part) {
            case SEARCH -> subject.rows().search();
            case HELD_OUT -> subject.rows().heldOut();
        };
    }

    Answered answers(Way way, Stretch stretch) {
        Map<String, String> key =
                key(way, "answers " + stretch.part().label + " " + stretch.from() + "-" + stretch.to());
        return measured(key, Answered.class, () -> {
            List<Example> rows = rows(stretch.part()).subList(stretch.from(), stretch.to());
            return answer(open(way).predictor(), rows);
        });
    }

    boolean hasAnswers(Way way, Stretch stretch) {
        Map<String, String> key =
                key(way, "answers " + stretch.part().label + " " + stretch.from() + "-" + stretch.to());
        return journal.find(key, Answered.class).isPresent();
    }

    OpeningCost cost(Way way) {
        return measured(key(way, "opening"), OpeningCost.class, () -> open(way).cost());
    }

    long size(Way way, ToLongFunction<Way> bytes) {
        return measured(key(way, "size"), Long.class, () -> bytes.applyAsLong(way));
    }

    long memory(Way way, ToLongFunction<Way> bytes) {
        return measured(key(way, "memory"), Long.class, () -> bytes.applyAsLong(way));
    }

    Likeness likeness(Way way) {
        return measured(
                key(way, "likeness"), Likeness.class, () -> Likeness.of(open(Way.ORIGINAL), open(way), subject));
    }

    /** How far the outputs of a way are from the original's, without a look at any row. */
    double error(Way way) {
        return measured(
                key(way, "error"),
                Double.class,
                () -> Likeness.largestRelative(open(Way.ORIGINAL), open(way), subject));
    }

    /** @param originalSeconds that the original takes for a row */
    Times times(Way way, TimeTrial trial, double originalSeconds) {
        String what = "times of " + trial.seconds() + " s, lengths " + trial.lengths();
        return measured(key(way, what), Times.class, () -> trial.run(open(Way.ORIGINAL), open(way), originalSeconds));
    }

    /** Answers rows with an opened model that is not the bench's own. */
    Answered answer(Predictor predictor, List<Example> rows) {
        double[][] outcomes = new double[rows.size()][];
        Judge judge = subject.judge();
        long begin = System.nanoTime();
        List<Prediction> said = LengthCalls.answer(rows, TimeTrial.BATCH, predictor::answer);
        Arrays.setAll(outcomes, row -> judge.outcome(rows.get(row), said.get(row)));
        return new Answered((System.nanoTime() - begin) / NANOS_A_SECOND, outcomes);
    }

    private <T> T measured(Map<String, String> key, Class<T> type, Supplier<T> measurement) {
        Object seen = read.get(key);
        if (seen != null) {
            return type.cast(seen);
        }
        T value = journal.measured(key, type, measurement);
        read.put(key, value);
        return value;
    }

    private Map<String, String> key(Way way, String what) {
        Map<String, String> key = new LinkedHashMap<>(stamp);
        key.put("candidate", way.toString());
        key.put("what", what);
        return key;
    }

    private OpenedWay open(Way way) {
        if (way.isOriginal()) {
            if (original == null) {
                original = warmed(opener.open(way));
            }
            return original;
        }
        if (other == null || !way.equals(otherWay)) {
            closeOther();
            other = warmed(opener.open(way));
            otherWay = way;
        }
        return other;
    }

    /** The first call loads classes and fills caches, which would count as a row's time. */
    private OpenedWay warmed(OpenedWay opened) {
        List<Example> rows = new ArrayList<>(subject.rows().search().subList(0, 1));
        opened.predictor().answer(rows);
        return opened;
    }

    private void closeOther() {
        OpenedWay open = other;
        other = null;
        otherWay = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closeOther();
        if (original != null) {
            original.close();
            original = null;
        }
    }
}
