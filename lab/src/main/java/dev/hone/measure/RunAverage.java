package dev.hone.measure;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.EngineSession;
import dev.hone.engines.EngineSession.PreparedCall;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times of a number of runs of one model on one batch.
 *
 * @param mean milliseconds, the average of all runs
 * @param median milliseconds
 * @param interval 95 % interval of the median
 * @param runs runs that count
 */
public record RunAverage(double mean, double median, Interval interval, int runs) {
    private static final int RUNS_A_TURN = 10;
    private static final int SETTLING = 3;
    private static final double NANOS_A_MILLISECOND = 1e6;

    /**
     * Runs all models on a batch by turns of ten runs, so that a change of the machine's mood falls on all of them;
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
        return new RunAverage(mean, summary.median(), summary.interval(), summary.samples());
    }

    /** Whether the intervals of two medians leave no doubt which of them is smaller. */
    public boolean isClearlyOther(RunAverage other) {
        return interval.high() < other.interval.low() || interval.low() > other.interval.high();
    }
}
