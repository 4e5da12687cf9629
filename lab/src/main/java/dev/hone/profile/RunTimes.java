package dev.hone.profile;

import dev.hone.runtime.PieceProfile;
import dev.hone.runtime.RunProfile;

/**
 * The times of one run in milliseconds, its pieces added up. What the threads do at the same time counts as the mean
 * over them, so that all of it adds up to the time of the run.
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on within the package; one object a run.
record RunTimes(double[] busy, double[] waiting, double[] threadWaiting, double outside, double whole) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Adds up what one run noted. */
    static RunTimes of(RunProfile run, int steps) {
        int workers = run.pieces().getFirst().workers();
        double[] busy = new double[steps];
        double[] waiting = new double[steps];
        double[] threadWaiting = new double[workers];
        double inSteps = 0;
        for (PieceProfile piece : run.pieces()) {
            for (int worker = 0; worker < workers; worker++) {
                for (int step = 0; step < steps; step++) {
                    double own = (piece.end(worker, step) - piece.begin(worker, step)) / NANOS_PER_MILLI;
                    double waited = piece.waited(worker, step) / NANOS_PER_MILLI;
                    busy[step] += own / workers;
                    waiting[step] += waited / workers;
                    threadWaiting[worker] += waited;
                    inSteps += (own + waited) / workers;
                }
            }
        }
        double whole = run.duration() / NANOS_PER_MILLI;
        return new RunTimes(busy, waiting, threadWaiting, whole - inSteps, whole);
    }
}
