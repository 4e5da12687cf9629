package dev.hone.optimize;

import dev.hone.engines.EngineSession.PreparedCall;
import dev.hone.evaluate.Predictor;
import dev.hone.evaluate.data.Example;
import dev.hone.measure.InputShape;
import dev.hone.measure.Schedule;
import dev.hone.measure.TurnTimer;
import dev.hone.measure.TurnTimer.Turn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Times a candidate beside the original: the same texts, by turns, in one process.
 *
 * @param rows the texts, as many as the original answers in a fraction of a second
 * @param seconds timed of each of the two, for each kind of measurement
 * @param lengths tokens of sequences that are timed besides
 * @param vocabulary number of token ids
 */
record TimeTrial(List<Example> rows, double seconds, List<Integer> lengths, int vocabulary) {
    /** Texts of a call; the peer's padding costs least when they are about as long, so they are sorted. */
    static final int BATCH = 32;

    /** A turn of the original is about as long. */
    private static final double TURN_SECONDS = 0.15;

    private static final int FEWEST_TURNS = 5;
    private static final int MOST_TURNS = 40;
    private static final int FEWEST_TEXTS = 4;
    private static final int MOST_TEXTS = 128;
    private static final double LONGEST_WARM_UP_SECONDS = 1;
    private static final double NANOS_A_SECOND = 1e9;
    private static final long TURN_NANOS = 40_000_000L;
    private static final long PAUSE_NANOS = 60_000_000L;
    private static final long SEED = 17;

    /** Chooses as many rows as the original answers in a turn. */
    static List<Example> texts(List<Example> rows, double originalSeconds) {
        int count = (int) Math.clamp(TURN_SECONDS / originalSeconds, FEWEST_TEXTS, MOST_TEXTS);
        return rows.subList(0, Math.min(count, rows.size()));
    }

    Times run(OpenedWay original, OpenedWay candidate, double originalSeconds) {
        int turns = (int) Math.clamp(seconds / (originalSeconds * rows.size()), FEWEST_TURNS, MOST_TURNS);
        TurnTimer timer = new TurnTimer(new Schedule(turns, 0, warmUpNanos()));
        List<List<Example>> singles = rows.stream().map(List::of).toList();
        List<Example> sorted = rows.stream()
                .sorted(Comparator.comparingInt(Example::characters))
                .toList();
        List<List<Example>> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += BATCH) {
            batches.add(sorted.subList(from, Math.min(sorted.size(), from + BATCH)));
        }
        Map<Integer, Series> byLength = new TreeMap<>();
        for (int length : lengths) {
            byLength.put(length, length(original, candidate, length));
        }
        return new Times(
                series(timer, original, candidate, singles), series(timer, original, candidate, batches), byLength);
    }

    private Series series(TurnTimer timer, OpenedWay original, OpenedWay candidate, List<List<Example>> calls) {
        List<List<double[]>> blocks = timer.time(
                List.of(turn(original.predictor(), calls), turn(candidate.predictor(), calls)), TimeTrial::pause);
        return Series.of(blocks.getFirst(), blocks.getLast(), rows.size());
    }

    /** Threads of an engine whose turn has ended go on spinning for a while, on the cores that the next one needs. */
    private static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private static Turn turn(Predictor predictor, List<List<Example>> calls) {
        return new Turn(() -> calls.forEach(predictor::answer), () -> predictor.answer(calls.getFirst()));
    }

    private long warmUpNanos() {
        return (long) (Math.min(seconds, LONGEST_WARM_UP_SECONDS) * NANOS_A_SECOND);
    }

    private Series length(OpenedWay original, OpenedWay candidate, int length) {
        var tokens = new InputShape(1, length).tokens(vocabulary, SEED);
        TurnTimer timer = new TurnTimer(new Schedule(FEWEST_TURNS, TURN_NANOS, warmUpNanos()));
        try (PreparedCall first = original.session().prepare(tokens);
                PreparedCall second = candidate.session().prepare(tokens)) {
            List<List<double[]>> blocks = timer.time(
                    List.of(new Turn(first::run, first::run), new Turn(second::run, second::run)), TimeTrial::pause);
            return Series.of(blocks.getFirst(), blocks.getLast(), 1);
        }
    }
}
