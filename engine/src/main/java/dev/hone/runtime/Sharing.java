package dev.hone.runtime;

/**
 * Deals a piece of a batch out to the workers.
 *
 * <p>Either all workers share every step and meet after it, or each has whole sequences and scratch memory for itself
 * and
 * nobody waits: then each worker reads all weights, which pays only when it has enough rows for them.
 */
final class Sharing {
    /** Rows a worker from which reading the weights costs little beside the arithmetic. */
    private static final int ROWS_ALONE = 192;

    /** Most rows of a worker in relation to an equal part. */
    private static final double WORST_IMBALANCE = 1.06;

    private Sharing() {}

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
