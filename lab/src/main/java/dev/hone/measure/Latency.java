package dev.hone.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * The measured latency of one engine at one shape; times in milliseconds.
 *
 * @param shareOfLimit operations a second achieved, divided by the machine's peak in f32; null in other precisions and
 *     when the peak was not measured
 * @param answerDifference the largest difference of its answers from those of the reference, divided by the largest
 *     value of the output; null for the reference itself
 */
@JsonPropertyOrder({"engine", "precision", "batch", "sequence", "threads", "samples"})
public record Latency(
        String engine,
        String precision,
        int batch,
        int sequence,
        int threads,
        int samples,
        @JsonProperty("median_ms") double medianMillis,
        @JsonProperty("low95_ms") double low95Millis,
        @JsonProperty("high95_ms") double high95Millis,
        @JsonProperty("p90_ms") double p90Millis,
        @JsonProperty("p99_ms") double p99Millis,
        @JsonProperty("sequences_per_second") double sequencesPerSecond,
        @JsonProperty("share_of_limit") @Nullable Double shareOfLimit,
        @JsonProperty("answer_difference") @Nullable Double answerDifference) {}
