package dev.hone.optimize;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Interval;
import dev.hone.measure.Statistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How quick a candidate is beside the original.
 *
 * @param textByText a text at a time, from text to answer
 * @param batched many texts of about one length in a call, from texts to answers
 * @param lengths tokens to outputs of one sequence of that many tokens; empty where no length was asked for
 */
public record Times(
        @JsonProperty("text_by_text") Series textByText,
        @JsonProperty("batched") Series batched,
        @JsonProperty("lengths") Map<Integer, Series> lengths) {
    /** The original's own times: the medians of what it took beside each candidate. */
    static Times ofOriginal(List<Times> candidates) {
        Map<Integer, Series> lengths = new TreeMap<>();
        for (int length : candidates.getFirst().lengths().keySet()) {
            lengths.put(
                    length,
                    own(
                            candidates,
                            times -> Objects.requireNonNull(times.lengths().get(length))));
        }
        return new Times(own(candidates, Times::textByText), own(candidates, Times::batched), lengths);
    }

    private static Series own(List<Times> candidates, Function<Times, Series> kind) {
        double millis = Statistics.median(candidates.stream()
                .mapToDouble(times -> kind.apply(times).originalMillis())
                .toArray());
        return new Series(millis, millis, 1, new Interval(1, 1));
    }

    /** What tells best how sure a gain in the objective is. */
    Series of(Objective objective) {
        return switch (objective) {
            case LATENCY -> textByText;
            case THROUGHPUT, SIZE, MEMORY -> batched;
        };
    }

    /** The geometric mean of the speeds at the lengths; where none was asked for, the speed text by text. */
    double latencySpeed() {
        return latency(Series::speed);
    }

    /** The same with the ends of the speeds' intervals. */
    Decision.Gain latencyGain() {
        return new Decision.Gain(
                latency(series -> series.speedInterval().low()),
                latencySpeed(),
                latency(series -> series.speedInterval().high()));
    }

    private double latency(ToDoubleFunction<Series> speed) {
        if (lengths.isEmpty()) {
            return speed.applyAsDouble(textByText);
        }
        double logarithms = lengths.values().stream()
                .mapToDouble(series -> Math.log(speed.applyAsDouble(series)))
                .sum();
        return Math.exp(logarithms / lengths.size());
    }
}
