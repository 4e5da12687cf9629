package dev.hone.report;

import dev.hone.measure.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A measured number.
 *
 * @param interval its 95 % interval; null when none was made
 */
public record Estimate(double value, @Nullable Interval interval) {}
