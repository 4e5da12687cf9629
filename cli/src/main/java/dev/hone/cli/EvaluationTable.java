package dev.hone.cli;

import dev.hone.evaluate.EvaluationResult;
import dev.hone.evaluate.EvaluationResult.Against;
import dev.hone.evaluate.Spread;
import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results of an evaluation for people: one block a model. */
final class EvaluationTable {
    private static final double MEGABYTE = 1e6;
    private static final double PERCENT = 100;
    private static final double SMALLEST_PLAIN = 1e-3;

    private EvaluationTable() {}

    static List<String> lines(List<EvaluationResult> results) {
        List<String> lines = new ArrayList<>();
        for (EvaluationResult result : results) {
            lines.add(text("%s  %s %s  %d rows", result.task(), result.engine(), result.precision(), result.rows()));
            result.metrics().forEach((name, value) -> lines.add(metric(result, name, value)));
            Against against = result.against();
            if (against != null) {
                lines.addAll(against(against));
            }
            lines.addAll(cost(result));
            lines.add("");
        }
        return lines;
    }

    private static String metric(EvaluationResult result, String name, @Nullable Double value) {
        Interval interval = result.intervals().get(name);
        StringBuilder line = new StringBuilder(text("  %-20s %12s", name, number(value)));
        if (interval != null) {
            line.append(text(" [%s - %s]", number(interval.low()), number(interval.high())));
        }
        Against against = result.against();
        Difference difference = against == null ? null : against.differences().get(name);
        if (difference != null) {
            line.append(text(
                    "  %s%s (p %.3f%s)",
                    difference.difference() < 0 ? "" : "+",
                    number(difference.difference()),
                    difference.probability(),
                    difference.real() ? ", a real difference" : ""));
        }
        return line.toString();
    }

    private static List<String> against(Against against) {
        List<String> lines = new ArrayList<>();
        lines.add(text("  beside %s %s", against.engine(), against.precision()));
        for (Map.Entry<String, @Nullable Double> figure : against.agreement().entrySet()) {
            lines.add(text("    %-18s %12s", figure.getKey(), number(figure.getValue())));
        }
        if (against.mcnemar() != null) {
            lines.add(text(
                    "    rows lost %d, won %d: McNemar p %.3f",
                    against.mcnemar().lost(),
                    against.mcnemar().won(),
                    against.mcnemar().probability()));
        }
        return lines;
    }

    private static List<String> cost(EvaluationResult result) {
        Spread latency = result.latency();
        List<String> lines = new ArrayList<>();
        lines.add(text(
                "  answered in          %12.2f s, %.1f rows/s, tokenizer %.2f s",
                result.totalSeconds(), result.samplesPerSecond(), result.tokenizerSeconds()));
        lines.add(text(
                "  a call of %-3d rows   %12.2f ms mean, p50 %.2f, p90 %.2f, p95 %.2f, p99 %.2f, deviation %.2f",
                result.batch(),
                latency.mean(),
                latency.p50(),
                latency.p90(),
                latency.p95(),
                latency.p99(),
                latency.standardDeviation()));
        Long peak = result.peakMemoryBytes();
        lines.add(text(
                "  weights on disk      %12.1f MB%s",
                result.modelBytes() / MEGABYTE,
                peak == null ? "" : text(", peak memory of the process %.0f MB", peak / MEGABYTE)));
        return lines;
    }

    private static String number(@Nullable Double value) {
        if (value == null) {
            return "not a number";
        }
        boolean count = value == Math.rint(value) && Math.abs(value) > PERCENT;
        if (count) {
            return text("%.0f", value);
        }
        boolean tiny = value != 0 && Math.abs(value) < SMALLEST_PLAIN;
        return tiny ? text("%.1e", value) : text(Math.abs(value) > 1 ? "%.2f" : "%.4f", value);
    }

    @SuppressWarnings("AnnotateFormatMethod") // The annotation is part of a library that the product does not need.
    private static String text(String format, @Nullable Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
