package dev.hone.report;

import dev.hone.measure.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A candidate's score less that of the original, on the same rows.
 *
 * @param interval its 95 % interval; null when none was made
 * @param probability of a difference as large as this when there is none; null when it was not tested
 */
public record Difference(
        double value, @Nullable Interval interval, @Nullable Double probability) {}
