package dev.hone.optimize;

import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import java.time.Duration;
import java.util.List;

/**
 * How a search is done.
 *
 * @param lengths tokens of the single sequences that latency is measured at; empty for the user's texts
 * @param seconds timed for each way and kind of measurement
 * @param schemes of Hone to try, the one with the largest expected gain first
 * @param comparisons those of the schemes that are measured and shown, and not chosen
 * @param kept the precision of layers that do not stand bytes
 */
public record SearchSettings(
        int threads,
        Duration budget,
        Objective objective,
        List<Integer> lengths,
        MostLoss mostLoss,
        double seconds,
        List<Scheme> schemes,
        List<Scheme> comparisons,
        Precision kept) {
    public SearchSettings {
        lengths = List.copyOf(lengths);
        schemes = List.copyOf(schemes);
        comparisons = List.copyOf(comparisons);
    }
}
