package dev.hone.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;

/**
 * Some numbers by the columns of pandas' {@code describe()}: quartiles lie between neighbouring values where they must.
 *
 * @param standardDeviation of a sample, with one less below the line; 0 for a single number
 */
@JsonPropertyOrder({"count", "mean", "std", "min", "25%", "50%", "75%", "max"})
public record Description(
        int count,
        double mean,
        @JsonProperty("std") double standardDeviation,
        double min,
        @JsonProperty("25%") double lowerQuartile,
        @JsonProperty("50%") double median,
        @JsonProperty("75%") double upperQuartile,
        double max) {
    private static final double QUARTER = 0.25;

    /** Describes at least one number. */
    public static Description of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double mean = Statistics.mean(values);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Description(
                values.length,
                mean,
                values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
                sorted[0],
                between(sorted, QUARTER),
                between(sorted, 2 * QUARTER),
                between(sorted, 3 * QUARTER),
                sorted[sorted.length - 1]);
    }

    private static double between(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
