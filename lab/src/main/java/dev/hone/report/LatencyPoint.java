package dev.hone.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Interval;
import org.jspecify.annotations.Nullable;

/**
 * The median latency of sequences of one length.
 *
 * @param batch sequences in a call
 * @param length tokens of each
 * @param interval 95 % interval of the median, in milliseconds
 */
public record LatencyPoint(
        int batch,
        int length,
        @JsonProperty("ms") double millis,
        @Nullable Interval interval) {}
