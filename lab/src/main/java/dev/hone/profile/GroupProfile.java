package dev.hone.profile;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What several steps took together: those of one kind or of one layer.
 *
 * @param name the kind, {@code layer 3}, or {@code outside of layers}
 * @param share of the time of a whole run
 */
public record GroupProfile(
        String name,
        int steps,
        @JsonProperty("ms") double millis,
        double share,
        @JsonProperty("waiting_ms") double waitingMillis,
        StepRate rate) {}
