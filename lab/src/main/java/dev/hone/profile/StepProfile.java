package dev.hone.profile;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What one step of a plan took in a run; times in milliseconds, medians over the runs.
 *
 * @param step its place in the plan, from 0
 * @param layer the number of the model's layer that its node names; null outside of layers
 * @param node the node of the graph that it computes
 * @param problem its problem line
 * @param millis until all threads had done their share: {@code busyMillis} and {@code waitingMillis}
 * @param busyMillis the mean of what the threads worked
 * @param waitingMillis the mean of what the threads waited for the last one
 * @param rate what it did in that time
 */
public record StepProfile(
        int step,
        String kind,
        @Nullable Integer layer,
        String node,
        String problem,
        @JsonProperty("ms") double millis,
        @JsonProperty("busy_ms") double busyMillis,
        @JsonProperty("waiting_ms") double waitingMillis,
        StepRate rate) {}
