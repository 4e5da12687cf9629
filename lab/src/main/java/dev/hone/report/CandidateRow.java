package dev.hone.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to run the model, with everything that was measured of it; what was not measured is null or empty.
 *
 * @param label unique among the candidates
 * @param original whether the others are compared with it
 * @param applied what was done to the original, for example {@code int8 weights and rows}
 * @param difference of its score from the original's
 * @param objective in the unit of {@link Comparison.Objective}
 * @param latency by shape, shorter sequences first
 */
public record CandidateRow(
        String label,
        boolean original,
        List<String> applied,
        @Nullable Score score,
        @Nullable Difference difference,
        @Nullable Estimate objective,
        List<LatencyPoint> latency,
        Cost cost,
        Verdict verdict) {
    public CandidateRow {
        applied = List.copyOf(applied);
        latency = List.copyOf(latency);
    }

    /**
     * What it takes and gives besides latency.
     *
     * @param millisPerText of the user's texts, one at a time
     * @param textsPerSecond on the user's texts, many in a call
     * @param modelBytes on disk
     * @param memoryBytes at the peak
     */
    public record Cost(
            @JsonProperty("ms_per_text") @Nullable Estimate millisPerText,
            @Nullable Estimate textsPerSecond,
            @Nullable Long modelBytes,
            @Nullable Long memoryBytes) {
        public static final Cost UNKNOWN = new Cost(null, null, null, null);
    }

    /**
     * What was made of it.
     *
     * @param front whether no other candidate is better in one respect and as good in all others
     * @param allowed whether it keeps the constraint
     * @param reasons why it was chosen or not, in sentences
     */
    public record Verdict(boolean front, boolean allowed, boolean chosen, List<String> reasons) {
        public Verdict {
            reasons = List.copyOf(reasons);
        }
    }
}
