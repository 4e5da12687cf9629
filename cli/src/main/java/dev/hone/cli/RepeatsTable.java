package dev.hone.cli;

import dev.hone.measure.Description;
import dev.hone.measure.Latency;
import dev.hone.measure.Repeats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Repeated measurements in columns: what was measured, then the medians of the turns as described. */
final class RepeatsTable {
    static final List<String> NAMES = List.of(
            "engine",
            "precision",
            "batch",
            "sequence",
            "threads",
            "median_ms",
            "low95_ms",
            "high95_ms",
            "p90_ms",
            "p99_ms",
            "sequences_per_second",
            "count",
            "mean",
            "std",
            "min",
            "25%",
            "50%",
            "75%",
            "max");

    private static final String ROW = "%-12s %-9s %8s %7s %6s %9s %9s %9s %9s %9s %9s %9s";
    static final String HEADER = String.format(
            Locale.ROOT,
            ROW,
            "engine",
            "precision",
            "shape",
            "threads",
            "count",
            "mean ms",
            "std",
            "min",
            "25%",
            "50%",
            "75%",
            "max");

    private RepeatsTable() {}

    static List<String> markdownHeader() {
        return List.of(
                "| " + String.join(" | ", NAMES) + " |",
                "|" + String.join("|", Collections.nCopies(NAMES.size(), "---")) + "|");
    }

    /** The cells under {@link #NAMES}; none holds a comma. */
    static List<String> cells(Repeats repeats) {
        Latency latency = repeats.latency();
        List<String> cells = new ArrayList<>(List.of(
                latency.engine(),
                latency.precision(),
                Integer.toString(latency.batch()),
                Integer.toString(latency.sequence()),
                Integer.toString(latency.threads())));
        for (double value : List.of(
                latency.medianMillis(),
                latency.low95Millis(),
                latency.high95Millis(),
                latency.p90Millis(),
                latency.p99Millis(),
                latency.sequencesPerSecond())) {
            cells.add(number(value));
        }
        cells.addAll(described(repeats.description()));
        return cells;
    }

    static String row(Repeats repeats) {
        Latency latency = repeats.latency();
        List<Object> cells = new ArrayList<>(List.of(
                latency.engine(),
                latency.precision(),
                latency.batch() + "x" + latency.sequence(),
                Integer.toString(latency.threads())));
        cells.addAll(described(repeats.description()));
        return String.format(Locale.ROOT, ROW, cells.toArray());
    }

    private static List<String> described(Description description) {
        List<String> cells = new ArrayList<>(List.of(Integer.toString(description.count())));
        for (double value : List.of(
                description.mean(),
                description.standardDeviation(),
                description.min(),
                description.lowerQuartile(),
                description.median(),
                description.upperQuartile(),
                description.max())) {
            cells.add(number(value));
        }
        return cells;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
