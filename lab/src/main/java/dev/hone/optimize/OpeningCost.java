package dev.hone.optimize;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to have a model ready.
 *
 * @param millis from the path to the first answer, compilation included
 * @param memoryBytes by which the process grew meanwhile; what an earlier model left behind is used again, so it is a
 *     lower bound; null where the system does not tell
 */
public record OpeningCost(
        @JsonProperty("open_ms") double millis,
        @JsonProperty("memory_bytes") @Nullable Long memoryBytes) {}
