package dev.hone.profile;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Interval;
import dev.hone.runtime.RunProfile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of a batch goes; times in milliseconds.
 *
 * @param summary the runs as a whole
 * @param steps in the order of the plan
 * @param kinds totals by kind of step, the longest first
 * @param layers totals by layer, in their order
 * @param typical the run whose time is nearest to the median, in the last block of runs
 */
public record ModelProfile(
        Summary summary,
        List<StepProfile> steps,
        List<GroupProfile> kinds,
        List<GroupProfile> layers,
        TimedRun typical) {
    public ModelProfile {
        steps = List.copyOf(steps);
        kinds = List.copyOf(kinds);
        layers = List.copyOf(layers);
    }

    /**
     * The runs as a whole.
     *
     * @param runs that were profiled
     * @param millis the median of the profiled runs
     * @param interval the 95 % interval of that median
     * @param plainMillis the median of runs without profile, which took turns with the profiled ones
     * @param stepsMillis the sum of the medians of all steps, waiting included; less than the median of the whole by
     *     what comes to another step in each run
     * @param outsideMillis what is not part of a step: inputs and answers are copied, threads are woken
     * @param waitingMillis what each thread waited for others
     * @param tokenizerMillis the median of turning the texts into tokens, before each run; null where ids were given
     */
    public record Summary(
            int sequences,
            int rows,
            int runs,
            @JsonProperty("ms") double millis,
            @JsonProperty("ms_interval") Interval interval,
            @JsonProperty("plain_ms") double plainMillis,
            @JsonProperty("steps_ms") double stepsMillis,
            @JsonProperty("outside_ms") double outsideMillis,
            @JsonProperty("waiting_ms") List<Double> waitingMillis,
            @JsonProperty("tokenizer_ms") @Nullable Double tokenizerMillis,
            MachineLimits limits) {
        public Summary {
            waitingMillis = List.copyOf(waitingMillis);
        }
    }

    /**
     * One profiled run.
     *
     * @param tokenizingSince {@link System#nanoTime} as tokenizing began; its end where ids were given
     * @param tokenizedAt the same as it ended
     */
    public record TimedRun(long tokenizingSince, long tokenizedAt, RunProfile run) {
        double tokenizerMillis() {
            return (tokenizedAt - tokenizingSince) / 1e6;
        }
    }
}
