package dev.hone.runtime;

/**
 * Deals a piece of a batch out to the workers.
 *
 * <p>Either all workers share every step and meet after it, or each has whole sequences for itself and nobody waits:
 * then each worker reads all weights, which pays only when it has enough rows for them.
 */
final class Sharing {
    /** Rows a worker from which reading the weights costs little beside the arithmetic. */
    private static final int ROWS_ALONE = 192;

    /** Most rows of a worker in relation to an equal part. */
    private static final double WORST_IMBALANCE = 1.06;

    private Sharing() {}

    static Share[] of(Workspace workspace, int workers) {
        int[] bounds = cuts(workspace, workers);
        int most = 0;
        for (int worker = 0; worker < workers; worker++) {
            most = Math.max(most, workspace.start(bounds[worker + 1]) - workspace.start(bounds[worker]));
        }
        double equal = (double) workspace.rows() / workers;
        boolean alone = workers > 1 && equal >= ROWS_ALONE && most <= equal * WORST_IMBALANCE;
        Share[] shares = new Share[workers];
        for (int worker = 0; worker < workers; worker++) {
            int first = bounds[worker];
            int end = bounds[worker + 1];
            shares[worker] = alone
                    ? new Share(workspace.start(first), workspace.start(end), first, end, 0, 1)
                    : new Share(0, workspace.rows(), 0, workspace.sequences(), worker, workers);
        }
        return shares;
    }

    /** Sequence numbers that cut the rows into parts as equal as whole sequences allow. */
    private static int[] cuts(Workspace workspace, int workers) {
        int[] bounds = new int[workers + 1];
        int sequence = 0;
        for (int worker = 1; worker <= workers; worker++) {
            double target = (double) workspace.rows() * worker / workers;
            while (sequence < workspace.sequences()
                    && Math.abs(workspace.start(sequence + 1) - target)
                            <= Math.abs(workspace.start(sequence) - target)) {
                sequence++;
            }
            bounds[worker] = worker == workers ? workspace.sequences() : sequence;
        }
        return bounds;
    }
}
