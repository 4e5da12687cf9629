package dev.hone.evaluate;

import dev.hone.measure.Statistics;
import java.util.Arrays;

/** Times of calls in milliseconds: their mean, what shares of them do not exceed, and their standard deviation. */
public record Spread(double mean, double p50, double p90, double p95, double p99, double standardDeviation) {
    /** Summarises at least one time. */
    static Spread of(double[] millis) {
        double mean = Statistics.mean(millis);
        double squares = Arrays.stream(millis)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Spread(
                mean,
                Statistics.quantile(millis, 0.50),
                Statistics.quantile(millis, 0.90),
                Statistics.quantile(millis, 0.95),
                Statistics.quantile(millis, 0.99),
                millis.length > 1 ? Math.sqrt(squares / (millis.length - 1)) : 0);
    }
}
