package dev.hone.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Arrays;
import java.util.List;

/**
 * A latency with what each of its turns gave, so that it can be held against one of another run.
 *
 * @param description of the turns' medians
 * @param millis the median of each turn, in their order
 */
public record Repeats(
        @JsonUnwrapped Latency latency,
        @JsonProperty("repeats") Description description,
        @JsonProperty("repeats_ms") List<Double> millis) {
    public Repeats {
        millis = List.copyOf(millis);
    }

    /** From the calls of each turn. */
    static Repeats of(Latency latency, List<double[]> turns) {
        double[] medians = turns.stream().mapToDouble(Statistics::median).toArray();
        return new Repeats(
                latency, Description.of(medians), Arrays.stream(medians).boxed().toList());
    }
}
