package dev.hone.sweep;

import dev.hone.evaluate.LengthCalls;
import dev.hone.evaluate.Predictor;
import dev.hone.evaluate.data.Example;
import dev.hone.measure.Schedule;
import dev.hone.measure.TurnTimer;
import dev.hone.measure.TurnTimer.Turn;
import dev.hone.sweep.PairTimes.Pass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Times two models on all rows: each answers some, then the other one answers them, in changing order. */
final class PairTimer implements PairTiming {
    private static final int TURNS = 8;
    private static final double NANOS_A_MILLISECOND = 1e6;

    private final Duration longestWarmUp;
    private final List<List<List<Example>>> slices;

    /**
     * @param batch rows of a call
     * @param longestWarmUp of each model before its first turn
     */
    PairTimer(List<Example> rows, int batch, Duration longestWarmUp) {
        this.longestWarmUp = longestWarmUp;
        List<List<Example>> calls = LengthCalls.of(rows, batch);
        int turns = Math.min(TURNS, calls.size());
        slices = new ArrayList<>();
        for (int turn = 0; turn < turns; turn++) {
            slices.add(new ArrayList<>());
        }
        // Dealt out like cards, so that turns have texts of like lengths.
        for (int call = 0; call < calls.size(); call++) {
            slices.get(call % turns).add(calls.get(call));
        }
    }

    @Override
    public PairTimes time(Predictor reference, Predictor setting) {
        TurnTimer timer = new TurnTimer(new Schedule(slices.size(), 0, longestWarmUp.toNanos()));
        Walk first = new Walk(reference);
        Walk second = new Walk(setting);
        List<List<double[]>> blocks =
                timer.time(List.of(new Turn(first, first::settle), new Turn(second, second::settle)), () -> {});
        return new PairTimes(first.pass(blocks.getFirst()), second.pass(blocks.getLast()));
    }

    /** Each run answers the next slice. */
    private final class Walk implements Runnable {
        private final Predictor predictor;
        private final List<Double> calls = new ArrayList<>();
        private int next;

        Walk(Predictor predictor) {
            this.predictor = predictor;
        }

        void settle() {
            predictor.answer(slices.getFirst().getFirst());
        }

        @Override
        public void run() {
            for (List<Example> call : slices.get(next)) {
                long begin = System.nanoTime();
                predictor.answer(call);
                calls.add((System.nanoTime() - begin) / NANOS_A_MILLISECOND);
            }
            next++;
        }

        Pass pass(List<double[]> blocks) {
            return new Pass(
                    blocks.stream().mapToDouble(block -> block[0]).toArray(),
                    calls.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }
}
