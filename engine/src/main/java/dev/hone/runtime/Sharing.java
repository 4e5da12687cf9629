package dev.hone.runtime;

/**
 * Deals a piece of a batch out to the workers.
 *
 * <p>With few rows all workers share every step and meet after it. With more, each has rows of its own and goes on with
 * them until a step needs the rows of others; or it has whole sequences and scratch memory for itself and nobody waits.
 * In both of these each worker reads all weights, which pays only when it has enough rows for them.
 */
final class Sharing {
    /** Rows a worker from which reading the weights costs little beside the arithmetic. */
    private static final int ROWS_ALONE = 192;

    /** Most rows of a worker in relation to an equal part. */
    private static final double WORST_IMBALANCE = 1.06;

    /**
     * Rows a worker from which reading all weights costs less than handing halves of rows to others at every step,
     * which waits at a barrier and fetches them from another core's cache. (Measured on 2 cores of Zen 5, as parts of
     * the time with shared steps: bert-base f32 1.15 at 16 rows a worker, 0.99 at 24, 0.95 at 32; int8 1.09, 0.91,
     * 0.91.)
     */
    private static final int OWN_ROWS = 24;

    private Sharing() {}

    /** Whether workers on one batch have rows of their own in the steps that allow it. */
    static boolean byRows(int rows, int workers) {
        return workers > 1 && rows >= OWN_ROWS * workers;
    }

    /**
     * Sequence numbers at which the workers' own sequences begin, and the end of the last one's; empty when the workers
     * are to share every step.
     */
    static int[] cuts(int[][] ids, int firstSequence, int endSequence, int workers) {
        long rows = rows(ids, firstSequence, endSequence);
        double equal = (double) rows / workers;
        if (workers == 1 || equal < ROWS_ALONE) {
            return new int[0];
        }
        int[] cuts = new int[workers + 1];
        int sequence = firstSequence;
        long before = 0;
        cuts[0] = firstSequence;
        for (int worker = 1; worker < workers; worker++) {
            double target = equal * worker;
            while (sequence < endSequence && before + ids[sequence].length / 2.0 <= target) {
                before += ids[sequence].length;
                sequence++;
            }
            cuts[worker] = sequence;
        }
        cuts[workers] = endSequence;
        for (int worker = 0; worker < workers; worker++) {
            if (rows(ids, cuts[worker], cuts[worker + 1]) > equal * WORST_IMBALANCE) {
                return new int[0];
            }
        }
        return cuts;
    }

    private static long rows(int[][] ids, int firstSequence, int endSequence) {
        long rows = 0;
        for (int sequence = firstSequence; sequence < endSequence; sequence++) {
            rows += ids[sequence].length;
        }
        return rows;
    }
}
