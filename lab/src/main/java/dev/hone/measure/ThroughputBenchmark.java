package dev.hone.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.TurnTimer.Turn;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Sequences a second on real texts in batches.
 *
 * <p>Timed is what a caller would pay for each batch: everything from arrays of ids to arrays of answers, padding and
 * its removal included where an engine needs them.
 */
public final class ThroughputBenchmark {
    private final List<Contestant> contestants;
    private final TurnTimer timer;

    /**
     * One engine's throughput.
     *
     * @param order {@code given} or {@code sorted} by length
     * @param passes how often all texts were run
     * @param perSecond sequences a second, from the median time of a pass
     * @param low95PerSecond lower end of its 95 % interval
     * @param high95PerSecond upper end of it
     */
    public record Throughput(
            String engine,
            String precision,
            String order,
            int batch,
            int passes,
            @JsonProperty("sentences_per_second") double perSecond,
            @JsonProperty("low95_per_second") double low95PerSecond,
            @JsonProperty("high95_per_second") double high95PerSecond) {}

    public ThroughputBenchmark(List<Contestant> contestants, TurnTimer timer) {
        this.contestants = List.copyOf(contestants);
        this.timer = timer;
    }

    /** Turns that one order of the texts takes. */
    public int turns() {
        return timer.turns(contestants.size());
    }

    /** Times all contestants on texts in the order given. */
    public List<Throughput> inGivenOrder(int[][] texts, int batchSize, Runnable afterTurn) {
        return measure("given", texts, batchSize, afterTurn);
    }

    /** Times all contestants on texts sorted by length, which spares padding engines most of their padding. */
    public List<Throughput> sortedByLength(int[][] texts, int batchSize, Runnable afterTurn) {
        int[][] sorted = texts.clone();
        Arrays.sort(sorted, Comparator.comparingInt(text -> text.length));
        return measure("sorted", sorted, batchSize, afterTurn);
    }

    private List<Throughput> measure(String order, int[][] texts, int batchSize, Runnable afterTurn) {
        List<TokenBatch> batches = batches(texts, batchSize);
        List<Turn> turns = contestants.stream()
                .map(contestant -> new Turn(
                        () -> batches.forEach(contestant.session()::run),
                        () -> contestant.session().run(batches.getFirst())))
                .toList();
        List<List<double[]>> blocks = timer.time(turns, afterTurn);
        List<Throughput> results = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Contestant contestant = contestants.get(i);
            Summary pass = Summary.of(blocks.get(i));
            results.add(new Throughput(
                    contestant.engine(),
                    contestant.precision().label(),
                    order,
                    batchSize,
                    pass.samples(),
                    perSecond(texts.length, pass.median()),
                    perSecond(texts.length, pass.interval().high()),
                    perSecond(texts.length, pass.interval().low())));
        }
        return results;
    }

    private static double perSecond(int texts, double millis) {
        return texts / (millis / 1e3);
    }

    static List<TokenBatch> batches(int[][] texts, int batchSize) {
        List<TokenBatch> batches = new ArrayList<>();
        for (int from = 0; from < texts.length; from += batchSize) {
            batches.add(TokenBatch.of(Arrays.copyOfRange(texts, from, Math.min(texts.length, from + batchSize))));
        }
        return batches;
    }
}
