package dev.hone.optimize;

import dev.hone.engines.EngineSession.PreparedCall;
import dev.hone.evaluate.LengthCalls;
import dev.hone.evaluate.Predictor;
import dev.hone.evaluate.data.Example;
import dev.hone.measure.InputShape;
import dev.hone.measure.Schedule;
import dev.hone.measure.TurnTimer;
import dev.hone.measure.TurnTimer.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Times a candidate beside the original: the same texts, by turns, in one process.
 *
 * <p>Text by text, many short turns go through the texts a part at a time, and each quotient is that of one part: where
 * threads happen to be put for a while spoils a turn or two and not the median. Batches are fewer and longer, so a turn
 * takes all of them.
 *
 * @param rows the texts, as many as the original answers in about a second
 * @param seconds timed of each of the two, for each kind of measurement
 * @param lengths tokens of sequences that are timed besides
 * @param vocabulary number of token ids
 */
record TimeTrial(List<Example> rows, double seconds, List<Integer> lengths, int vocabulary) {
    /** Texts of a call. */
    static final int BATCH = 32;

    /** A turn of the original in batches is about as long. */
    private static final double TURN_SECONDS = 0.15;

    /** A turn of the original text by text is about as long. */
    private static final double SHORT_TURN_SECONDS = 0.05;

    private static final int FEWEST_TURNS = 5;
    private static final int FEWEST_SHORT_TURNS = 9;
    private static final int MOST_TURNS = 40;
    private static final double TEXTS_SECONDS = 0.6;
    private static final int FEWEST_TEXTS = 4;
    private static final int MOST_TEXTS = 128;
    private static final double LONGEST_WARM_UP_SECONDS = 1;
    private static final double NANOS_A_SECOND = 1e9;
    private static final long TURN_NANOS = 40_000_000L;
    private static final long SEED = 17;

    /** Chooses as many rows as the original answers in all turns of a kind. */
    static List<Example> texts(List<Example> rows, double originalSeconds) {
        int count = (int) Math.clamp(TEXTS_SECONDS / originalSeconds, FEWEST_TEXTS, MOST_TEXTS);
        return rows.subList(0, Math.min(count, rows.size()));
    }

    Times run(OpenedWay original, OpenedWay candidate, double originalSeconds) {
        Map<Integer, Series> byLength = new TreeMap<>();
        for (int length : lengths) {
            byLength.put(length, length(original, candidate, length));
        }
        return new Times(
                singles(original, candidate, originalSeconds), batched(original, candidate, originalSeconds), byLength);
    }

    private Series singles(OpenedWay original, OpenedWay candidate, double originalSeconds) {
        int part = (int) Math.clamp(SHORT_TURN_SECONDS / originalSeconds, 1, rows.size());
        List<List<List<Example>>> parts = new ArrayList<>();
        for (int from = 0; from + part <= rows.size(); from += part) {
            parts.add(rows.subList(from, from + part).stream().map(List::of).toList());
        }
        int turns = (int) Math.clamp(seconds / (originalSeconds * part), FEWEST_SHORT_TURNS, MOST_TURNS);
        return series(turns, new Parts(original.predictor(), parts), new Parts(candidate.predictor(), parts), part);
    }

    private Series batched(OpenedWay original, OpenedWay candidate, double originalSeconds) {
        int count = (int) Math.clamp(TURN_SECONDS / originalSeconds, FEWEST_TEXTS, rows.size());
        List<List<List<Example>>> whole = List.of(LengthCalls.of(rows.subList(0, count), BATCH));
        int turns = (int) Math.clamp(seconds / (originalSeconds * count), FEWEST_TURNS, MOST_TURNS);
        return series(turns, new Parts(original.predictor(), whole), new Parts(candidate.predictor(), whole), count);
    }

    private Series series(int turns, Parts original, Parts candidate, int texts) {
        TurnTimer timer = new TurnTimer(new Schedule(turns, 0, warmUpNanos()));
        List<List<double[]>> blocks = timer.time(List.of(original.turn(), candidate.turn()), () -> {});
        return Series.of(blocks.getFirst(), blocks.getLast(), texts);
    }

    /** Calls in parts, one part a turn, around and around. */
    private static final class Parts {
        private final Predictor predictor;
        private final List<List<List<Example>>> parts;
        private int next;

        Parts(Predictor predictor, List<List<List<Example>>> parts) {
            this.predictor = predictor;
            this.parts = parts;
        }

        Turn turn() {
            List<Example> first = parts.getFirst().getFirst();
            return new Turn(this::answerPart, () -> predictor.answer(first));
        }

        private void answerPart() {
            parts.get(next % parts.size()).forEach(predictor::answer);
            next++;
        }
    }

    private long warmUpNanos() {
        return (long) (Math.min(seconds, LONGEST_WARM_UP_SECONDS) * NANOS_A_SECOND);
    }

    private Series length(OpenedWay original, OpenedWay candidate, int length) {
        var tokens = new InputShape(1, length).tokens(vocabulary, SEED);
        TurnTimer timer = new TurnTimer(new Schedule(FEWEST_TURNS, TURN_NANOS, warmUpNanos()));
        try (PreparedCall first = original.session().prepare(tokens);
                PreparedCall second = candidate.session().prepare(tokens)) {
            List<List<double[]>> blocks =
                    timer.time(List.of(new Turn(first::run, first::run), new Turn(second::run, second::run)), () -> {});
            return Series.of(blocks.getFirst(), blocks.getLast(), 1);
        }
    }
}
