package dev.hone.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Interval;
import dev.hone.profile.GroupProfile;
import dev.hone.profile.ModelProfile;
import dev.hone.profile.StepProfile;
import java.util.List;

/**
 * Where the time of one candidate goes.
 *
 * @param label of the candidate
 * @param input what ran, for example {@code 1x128}
 * @param millis the median of whole runs
 * @param outsideMillis what is not part of a step
 * @param kinds the longest first
 * @param layers in their order
 * @param steps in the order of the plan
 */
public record OperatorTimes(
        String label,
        String input,
        @JsonProperty("ms") double millis,
        @JsonProperty("ms_interval") Interval interval,
        @JsonProperty("outside_ms") double outsideMillis,
        List<GroupProfile> kinds,
        List<GroupProfile> layers,
        List<StepProfile> steps) {
    public OperatorTimes {
        kinds = List.copyOf(kinds);
        layers = List.copyOf(layers);
        steps = List.copyOf(steps);
    }

    public static OperatorTimes of(String label, String input, ModelProfile profile) {
        ModelProfile.Summary summary = profile.summary();
        return new OperatorTimes(
                label,
                input,
                summary.millis(),
                summary.interval(),
                summary.outsideMillis(),
                profile.kinds(),
                profile.layers(),
                profile.steps());
    }
}
