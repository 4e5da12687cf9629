package dev.hone.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.evaluate.metric.McNemar;
import dev.hone.measure.Interval;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one model did on a number of rows.
 *
 * @param metrics figures by the names of the public scripts; one that is not a number is null
 * @param intervals 95 % intervals of the metrics, from drawing rows anew
 * @param totalSeconds time of all calls that answered the rows, from text to answer; reading the data is not in it
 * @param latency of a call with up to {@code batch} rows
 * @param tokenizerSeconds the part of the total that turned texts into tokens, over all threads
 * @param peakMemoryBytes the most that this process has held so far, where the system tells
 * @param modelBytes of the model's weights on disk
 * @param against what changed from the first model to this one, on the same rows; absent for the first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationResult(
        String task,
        long rows,
        String engine,
        String precision,
        @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, @Nullable Double> metrics,
        Map<String, Interval> intervals,
        double totalSeconds,
        double samplesPerSecond,
        @JsonProperty("latency_ms") Spread latency,
        int batch,
        double tokenizerSeconds,
        @Nullable Long peakMemoryBytes,
        long modelBytes,
        @Nullable Against against) {
    /**
     * A model beside the original.
     *
     * @param engine the original's
     * @param precision the original's
     * @param agreement how alike the answers are, whatever is right
     * @param differences of each metric, this model's less the original's, with a paired bootstrap
     * @param mcnemar the exact paired test, where a row is right or wrong
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Against(
            String engine,
            String precision,
            Map<String, @Nullable Double> agreement,
            Map<String, Difference> differences,
            @Nullable McNemar mcnemar) {}
}
