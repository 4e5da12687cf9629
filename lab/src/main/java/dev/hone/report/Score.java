package dev.hone.report;

import dev.hone.measure.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How good answers are.
 *
 * @param interval its 95 % interval; null when none was made
 * @param rows of data that it rests on
 */
public record Score(double value, @Nullable Interval interval, long rows) {}
