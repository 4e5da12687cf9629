package dev.hone.optimize;

import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;

/**
 * The promise of a candidate, looked at on rows that the choice did not see.
 *
 * @param rows of the check
 * @param originalScore in points
 * @param score of the candidate, in points
 * @param difference of the two on the same rows, in points
 */
public record HeldOutCheck(
        String candidate,
        long rows,
        double originalScore,
        double score,
        Interval scoreInterval,
        Difference difference,
        Outcome outcome) {
    /** What the rows say. */
    public enum Outcome {
        /** Even the lower end of the interval keeps the promise. */
        KEPT,
        /** It computes what the original does, so that the interval tells of chance and rounding alone. */
        SAME,
        /** The rows keep the promise, and are too few to rule out that other rows would not. */
        KEPT_ON_THESE_ROWS,
        /** More was lost than was promised. */
        BROKEN
    }

    static Outcome outcome(Difference difference, double mostPoints) {
        if (difference.interval().low() >= -mostPoints) {
            return Outcome.KEPT;
        }
        return difference.difference() >= -mostPoints ? Outcome.KEPT_ON_THESE_ROWS : Outcome.BROKEN;
    }
}
