package dev.hone.tune;

import dev.hone.kernel.LinearProblem;

/**
 * A problem of a plan, to be tuned.
 *
 * @param count layers that have the problem
 */
public record TuningTask(LinearProblem problem, int count) {
    public TuningTask {
        if (count < 1) {
            throw new IllegalArgumentException(count + " layers of " + problem.line());
        }
    }

    /** How much of a plan's work it is: products for each row. */
    public double weight() {
        return (double) count * problem.columns() * problem.depth();
    }
}
