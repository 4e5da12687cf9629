package dev.hone.optimize;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Interval;
import dev.hone.measure.Statistics;
import dev.hone.measure.Summary;
import java.util.List;

/**
 * Times of a candidate and of the original, taken by turns.
 *
 * @param millis of one text, the median over turns
 * @param originalMillis the same of the original, in the turns between
 * @param speed how many times as quick as the original: the median of the quotients of neighbouring turns
 * @param speedInterval its 95 % interval
 */
public record Series(
        @JsonProperty("ms") double millis,
        @JsonProperty("original_ms") double originalMillis,
        @JsonProperty("speed") double speed,
        @JsonProperty("speed_interval") Interval speedInterval) {
    /** The speed with the ends of its interval. */
    Decision.Gain gain() {
        return new Decision.Gain(speedInterval.low(), speed, speedInterval.high());
    }

    /**
     * @param original milliseconds of each turn
     * @param candidate of the turns between
     * @param texts answered in a turn
     */
    static Series of(List<double[]> original, List<double[]> candidate, int texts) {
        Summary speed = Summary.ofSpeed(medians(original), medians(candidate));
        return new Series(
                Summary.of(candidate).median() / texts,
                Summary.of(original).median() / texts,
                speed.median(),
                speed.interval());
    }

    private static double[] medians(List<double[]> turns) {
        return turns.stream().mapToDouble(Statistics::median).toArray();
    }
}
