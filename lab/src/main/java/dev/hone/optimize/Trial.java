package dev.hone.optimize;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to run the model, with everything that was measured of it.
 *
 * @param name its text
 * @param rows that it answered; fewer than all of the search's when a sample showed enough or the time was over
 * @param score in points, with its 95 % interval
 * @param difference of the score from the original's on the same rows, in points; null for the original
 * @param times beside the original; those of the original itself have the speed 1
 * @param gain how many times as good as the original in what is to become better
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Trial(
        @JsonProperty("candidate") String name,
        Setup setup,
        long rows,
        double score,
        Interval scoreInterval,
        @Nullable Difference difference,
        Times times,
        double gain,
        Likeness likeness,
        Footing footing,
        Verdict verdict) {
    /** How it runs. */
    public record Setup(String engine, String precision, int threads, boolean original) {}

    /**
     * What it takes besides time.
     *
     * @param sizeBytes of the compiled model on disk, or of the original's files; null where it was not asked for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Footing(
            @JsonUnwrapped OpeningCost opening, @Nullable Long sizeBytes) {}

    /**
     * What was made of it.
     *
     * @param front whether no other candidate is both as quick and as good
     * @param allowed whether it keeps the promise on the rows of the search
     * @param comparison whether it is only shown, and never chosen
     * @param reasons why it was chosen or not, in sentences
     */
    public record Verdict(boolean front, boolean allowed, boolean chosen, boolean comparison, List<String> reasons) {
        public Verdict {
            reasons = List.copyOf(reasons);
        }
    }
}
