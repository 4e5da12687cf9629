package dev.hone.runtime;

import java.util.List;

/**
 * When each worker began and ended each step of one piece of a batch. Times are of {@link System#nanoTime}.
 *
 * <p>Between the end of a step and the begin of the next one a worker waits at the barrier, where there is one; a
 * worker with sequences of its own waits only behind its last step.
 */
public final class PieceProfile {
    private final PieceSize size;
    private final boolean together;
    private final List<StepWork> work;
    private final Phases phases;
    private final long[][] times;

    /**
     * The phases of a piece.
     *
     * @param start the sequences begin to be put in place
     * @param called the team is called
     * @param returned the last worker has finished
     * @param end the answers are copied
     */
    record Phases(long start, long called, long returned, long end) {}

    /** @param times for each worker begin and end of each step, one after the other */
    PieceProfile(PieceSize size, boolean together, List<StepWork> work, Phases phases, long[][] times) {
        this.size = size;
        this.together = together;
        this.work = List.copyOf(work);
        this.phases = phases;
        this.times = times;
    }

    public int rows() {
        return size.rows();
    }

    public int sequences() {
        return size.sequences();
    }

    /** Whether all workers were at work on the same sequences; otherwise each had some of its own. */
    public boolean together() {
        return together;
    }

    public int workers() {
        return times.length;
    }

    /** What each step had to do for this piece. */
    public List<StepWork> work() {
        return work;
    }

    public long begin(int worker, int step) {
        return times[worker][2 * step];
    }

    public long end(int worker, int step) {
        return times[worker][2 * step + 1];
    }

    /** Nanoseconds that a worker waited after a step: for the others, or for the piece to end. */
    public long waited(int worker, int step) {
        boolean last = step + 1 == work.size();
        return (last ? phases.returned() : begin(worker, step + 1)) - end(worker, step);
    }

    /** Nanoseconds from the call of the team until a worker began its first step. */
    public long woken(int worker) {
        return begin(worker, 0) - phases.called();
    }

    /** Nanoseconds that the caller took to put the sequences in place and to copy the answers. */
    public long copied() {
        return phases.called() - phases.start() + phases.end() - phases.returned();
    }

    /** When the first of the sequences was put in place. */
    public long start() {
        return phases.start();
    }

    /** When the team was called. */
    public long called() {
        return phases.called();
    }

    /** When the last worker had finished. */
    public long returned() {
        return phases.returned();
    }

    /** When the answers had been copied. */
    public long end() {
        return phases.end();
    }
}
