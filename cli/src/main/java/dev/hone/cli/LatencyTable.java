package dev.hone.cli;

import dev.hone.measure.Latency;
import java.util.Locale;

/** Latencies as lines of equal columns. */
final class LatencyTable {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-12s %-9s %8s %8s %10s %21s %9s %9s %10s %6s %8s",
            "engine",
            "precision",
            "shape",
            "samples",
            "median ms",
            "95 % interval",
            "p90",
            "p99",
            "seq/s",
            "peak",
            "off");

    private LatencyTable() {}

    static String row(Latency latency) {
        Double share = latency.shareOfLimit();
        Double difference = latency.answerDifference();
        return String.format(
                Locale.ROOT,
                "%-12s %-9s %8s %8d %10.3f %21s %9.3f %9.3f %10.1f %6s %8s",
                latency.engine(),
                latency.precision(),
                latency.batch() + "x" + latency.sequence(),
                latency.samples(),
                latency.medianMillis(),
                String.format(Locale.ROOT, "%.3f - %.3f", latency.low95Millis(), latency.high95Millis()),
                latency.p90Millis(),
                latency.p99Millis(),
                latency.sequencesPerSecond(),
                share == null ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * share),
                difference == null ? "-" : String.format(Locale.ROOT, "%.1e", difference));
    }
}
