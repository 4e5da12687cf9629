package dev.hone.runtime;

import java.util.Arrays;
import java.util.List;

/**
 * Notes when workers begin and end the steps of one piece. All memory is there before the piece starts, and each worker
 * writes to an array of its own, so that timing costs a step two readings of the clock and two stores.
 */
final class StepClock {
    private final PieceSize size;
    private final long[][] times;
    private final long start;
    private boolean together;
    private long called;
    private long returned;
    private long end;

    /** Starts with the piece. */
    StepClock(PieceSize size, int workers, int steps) {
        this.size = size;
        this.times = new long[workers][2 * steps];
        this.start = System.nanoTime();
    }

    /** Has the team do its work and notes when it was called and when it was done. */
    void call(ThreadTeam team, ThreadTeam.Work work, boolean sharesSteps) {
        together = sharesSteps;
        called = System.nanoTime();
        team.run(work);
        returned = System.nanoTime();
    }

    /** A worker begins a step. */
    void begin(int worker, int step) {
        times[worker][2 * step] = System.nanoTime();
    }

    /** A worker has done its share of a step. */
    void end(int worker, int step) {
        times[worker][2 * step + 1] = System.nanoTime();
    }

    /** The answers are copied. */
    void stop() {
        end = System.nanoTime();
    }

    PieceProfile profile(Step[] steps) {
        List<StepWork> work = Arrays.stream(steps).map(step -> step.work(size)).toList();
        return new PieceProfile(size, together, work, new PieceProfile.Phases(start, called, returned, end), times);
    }
}
