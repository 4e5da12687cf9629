package dev.hone.sweep;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Description;
import dev.hone.measure.Interval;
import dev.hone.measure.Statistics;
import dev.hone.measure.Summary;
import dev.hone.sweep.PairTimes.Pass;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * What answers take.
 *
 * @param totalSeconds of all rows, from text to answer: the median of the repeats
 * @param repeats the total seconds of each repeat, described
 * @param samplesPerSecond rows a second
 * @param latencyMillis of a call, the median
 * @param latency95 milliseconds that 95 of 100 calls do not exceed
 * @param speed how many times as quick as the original: the median of the quotients of neighbouring turns
 * @param speedInterval its 95 % interval
 */
public record Cost(
        @JsonProperty("total_s") double totalSeconds,
        Description repeats,
        double samplesPerSecond,
        @JsonProperty("latency_ms") double latencyMillis,
        @JsonProperty("latency_p95_ms") double latency95,
        double speed,
        Interval speedInterval) {
    private static final double MILLIS = 1e3;
    private static final double MOST_CALLS = 0.95;

    /** From what was timed beside the original. */
    static Cost of(List<PairTimes> repeats, int rows) {
        return of(repeats.stream().map(PairTimes::setting).toList(), speed(repeats), rows);
    }

    /** The original's own, as it was timed beside another model. */
    static Cost ofReference(List<PairTimes> repeats, int rows) {
        Summary one = Summary.of(List.of(new double[] {1}));
        return of(repeats.stream().map(PairTimes::reference).toList(), one, rows);
    }

    private static Cost of(List<Pass> passes, Summary speed, int rows) {
        double[] totals = passes.stream()
                .mapToDouble(pass -> Arrays.stream(pass.slices()).sum() / MILLIS)
                .toArray();
        double[] calls = passes.stream()
                .flatMapToDouble(pass -> DoubleStream.of(pass.calls()))
                .toArray();
        double total = Statistics.median(totals);
        return new Cost(
                total,
                Description.of(totals),
                rows / total,
                Statistics.median(calls),
                Statistics.quantile(calls, MOST_CALLS),
                speed.median(),
                speed.interval());
    }

    /** How many times as quick the setting's model is as the one that it was timed beside. */
    static Summary speed(List<PairTimes> repeats) {
        return Summary.ofSpeed(turns(repeats, PairTimes::reference), turns(repeats, PairTimes::setting));
    }

    private static double[] turns(List<PairTimes> repeats, Function<PairTimes, Pass> side) {
        return repeats.stream()
                .map(side)
                .flatMapToDouble(pass -> DoubleStream.of(pass.slices()))
                .toArray();
    }
}
