package dev.hone.measure;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.EngineSession;
import dev.hone.engines.EngineSession.PreparedCall;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Times of a number of runs of one model on one batch.
 *
 * @param mean milliseconds, the average of all runs
 * @param median milliseconds
 * @param interval 95 % interval of the median
 * @param runs runs that count
 * @param turns the median of each turn
 */
public record RunAverage(double mean, double median, Interval interval, int runs, List<Double> turns) {
    private static final int RUNS_A_TURN = 5;
    private static final int SETTLING = 3;
    private static final double NANOS_A_MILLISECOND = 1e6;

    /**
     * Runs all models on a batch by turns of five runs, so that a change of the machine's mood falls on all of them;
     * every other round goes in the opposite order, and the first three runs of a turn do not count.
     *
     * @param runs of each model
     * @param afterTurn told after each turn
     */
    public static List<RunAverage> of(List<EngineSession> models, TokenBatch batch, int runs, Runnable afterTurn) {
        if (runs < 1) {
            throw new HoneException(Category.USAGE, "--runs " + runs + ": give a number of at least 1");
        }
        List<PreparedCall> calls = new ArrayList<>();
        List<List<double[]>> blocks = new ArrayList<>();
        try {
            for (EngineSession model : models) {
                calls.add(model.prepare(batch));
                blocks.add(new ArrayList<>());
            }
            for (int done = 0, round = 0; done < runs; done += RUNS_A_TURN, round++) {
                for (int place = 0; place < calls.size(); place++) {
                    int index = round % 2 == 0 ? place : calls.size() - 1 - place;
                    blocks.get(index).add(turn(calls.get(index), Math.min(RUNS_A_TURN, runs - done)));
                    afterTurn.run();
                }
            }
        } finally {
            calls.forEach(PreparedCall::close);
        }
        return blocks.stream().map(RunAverage::of).toList();
    }

    /** Turns that {@link #of} takes for a number of models. */
    public static int turns(int models, int runs) {
        return models * Math.ceilDiv(runs, RUNS_A_TURN);
    }

    private static double[] turn(PreparedCall call, int runs) {
        for (int run = 0; run < SETTLING; run++) {
            call.run();
        }
        double[] millis = new double[runs];
        for (int run = 0; run < runs; run++) {
            long begin = System.nanoTime();
            call.run();
            millis[run] = (System.nanoTime() - begin) / NANOS_A_MILLISECOND;
        }
        return millis;
    }

    private static RunAverage of(List<double[]> blocks) {
        Summary summary = Summary.of(blocks);
        double mean = blocks.stream().flatMapToDouble(Arrays::stream).average().orElseThrow();
        List<Double> turns = blocks.stream().map(Statistics::median).toList();
        return new RunAverage(mean, summary.median(), summary.interval(), summary.samples(), turns);
    }

    /**
     * How much quicker this model is than another one that was timed by turns with it.
     *
     * @param ratio the other's time by this one's: the median over the turns, of which each is a pair
     * @param interval 95 % interval of the ratio
     */
    public record Gain(double ratio, Interval interval) {
        /** Fewer pairs than this say nothing about an interval. */
        public static final int FEWEST = 5;

        /**
         * Of calls that two models were given by turns, the same ones in the same order.
         *
         * @return nothing when there are fewer than {@link #FEWEST}
         */
        public static Optional<Gain> ofPairs(double[] otherMillis, double[] millis) {
            if (millis.length < FEWEST || otherMillis.length != millis.length) {
                return Optional.empty();
            }
            Summary summary = Summary.ofSpeed(otherMillis, millis);
            return Optional.of(new Gain(summary.median(), summary.interval()));
        }

        /** Whether the interval leaves no doubt which of the two is quicker. */
        public boolean isClear() {
            return interval.low() > 1 || interval.high() < 1;
        }
    }

    /** The gain over a model that was timed in the same call of {@link #of}; nothing when the turns are too few. */
    public Optional<Gain> over(RunAverage other) {
        return Gain.ofPairs(array(other.turns), array(turns));
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
