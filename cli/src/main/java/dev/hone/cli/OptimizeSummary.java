package dev.hone.cli;

import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.optimize.HeldOutCheck;
import dev.hone.optimize.HeldOutCheck.Outcome;
import dev.hone.optimize.Objective;
import dev.hone.optimize.Points;
import dev.hone.optimize.SearchReport;
import dev.hone.optimize.Series;
import dev.hone.optimize.Trial;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What opens the answer of {@code hone optimize}: at most ten lines for somebody who reads nothing else. */
final class OptimizeSummary {
    static final double BYTES_PER_MEGABYTE = 1e6;

    /** A refused candidate is worth a line when it gains so many times what the chosen one does. */
    private static final double CLEARLY_MORE = 1.05;

    private OptimizeSummary() {}

    /**
     * @param artefact the compiled model; null when none was written
     * @param command that repeats it
     */
    static List<String> lines(SearchReport report, @Nullable Path artefact, String command) {
        List<String> lines = new ArrayList<>();
        Trial chosen = report.chosenTrial();
        HeldOutCheck check = report.check();
        if (check == null) {
            lines.add("Keep " + report.model() + " as it is: nothing that was measured here is quicker and keeps the"
                    + " promise.");
        } else {
            lines.add("Run " + report.model() + " as " + chosen.name() + ".");
            lines.add("Gain      " + weight(report, chosen) + gain(chosen));
            lines.add("Cost      " + cost(report, chosen));
            lines.add("Sure?     " + sure(report, check));
        }
        chosen.verdict().reasons().forEach(reason -> lines.add("Why       " + reason));
        quicker(report, chosen, lines);
        if (artefact != null) {
            lines.add("Apply     hone infer " + artefact + " \"a text\", or Hone.load(Path.of(\"" + artefact
                    + "\")) in Java");
        }
        where(report, chosen).ifPresent(lines::add);
        lines.add("Repeat    " + command);
        return List.copyOf(lines);
    }

    /** Code fits processors that have what it was emitted for; sums of bytes need no warning, since none saturates. */
    private static Optional<String> where(SearchReport report, Trial chosen) {
        if (chosen.setup().original()) {
            return Optional.empty();
        }
        Scheme scheme = Scheme.parse(chosen.setup().precision());
        return Optional.of("Where     on processors with " + report.instructions()
                + ", as this one; hone compile --target makes it for others"
                + (scheme.hasBytes() || scheme.base() == Precision.INT4
                        ? "; its sums of bytes are exact on all of them"
                        : ""));
    }

    /** What became smaller, where that was the objective. */
    private static String weight(SearchReport report, Trial chosen) {
        Long now = weightBytes(chosen.footing(), report.promise().objective());
        Long before = weightBytes(report.original().footing(), report.promise().objective());
        if (now == null || before == null) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "%.1f times less %s (%.0f MB instead of %.0f), ",
                chosen.gain(),
                report.promise().objective().equals(Objective.SIZE.label()) ? "disk" : "memory",
                now / BYTES_PER_MEGABYTE,
                before / BYTES_PER_MEGABYTE);
    }

    /** Bytes that were to become fewer; null where times were to become shorter. */
    static @Nullable Long weightBytes(Trial.Footing footing, String objective) {
        return switch (Objective.parse(objective)) {
            case LATENCY, THROUGHPUT -> null;
            case SIZE -> footing.sizeBytes();
            case MEMORY -> footing.opening().memoryBytes();
        };
    }

    private static String gain(Trial chosen) {
        Series single = chosen.times().textByText();
        return String.format(
                Locale.ROOT,
                "%.1f times as quick as ONNX Runtime f32 text by text (%.2f ms instead of %.2f), %.1f times in batches",
                single.speed(),
                single.millis(),
                single.originalMillis(),
                chosen.times().batched().speed());
    }

    /** The original's score is that on the rows that the choice has answered. */
    private static String cost(SearchReport report, Trial chosen) {
        Difference difference = chosen.difference();
        if (difference == null) {
            return "nothing";
        }
        return String.format(
                Locale.ROOT,
                "%s points of %s (%s instead of %s); at worst %s, on %d rows",
                Points.signed(difference.difference()),
                report.promise().metric(),
                Points.of(chosen.score()),
                Points.of(chosen.score() - difference.difference()),
                Points.signed(difference.interval().low()),
                chosen.rows());
    }

    private static String sure(SearchReport report, HeldOutCheck check) {
        return String.format(
                Locale.ROOT,
                "on %d other rows %s points [%s, %s]; promised were at most %s: %s",
                check.rows(),
                Points.signed(check.difference().difference()),
                Points.signed(check.difference().interval().low()),
                Points.signed(check.difference().interval().high()),
                Points.of(report.promise().mostPoints()),
                outcome(check.outcome()));
    }

    static String outcome(Outcome outcome) {
        return switch (outcome) {
            case KEPT -> "kept";
            case SAME -> "kept, since f32 computes what the original does but for rounding";
            case KEPT_ON_THESE_ROWS -> "kept on these rows, which are too few to be sure of others";
            case BROKEN -> "broken";
        };
    }

    /** The best one that was refused though it gains clearly more, and with a larger loss allowed would be chosen. */
    private static void quicker(SearchReport report, Trial chosen, List<String> lines) {
        report.candidates().stream()
                .filter(trial -> !trial.verdict().allowed() && !trial.verdict().comparison())
                .filter(trial -> trial.gain() > CLEARLY_MORE * chosen.gain())
                .filter(trial -> trial.difference() != null
                        && trial.difference().interval().low()
                                < -report.promise().mostPoints())
                .max((first, second) -> Double.compare(first.gain(), second.gain()))
                .ifPresent(trial -> {
                    Difference difference = Objects.requireNonNull(trial.difference());
                    lines.add(String.format(
                            Locale.ROOT,
                            "Instead   %s gains %.1f times that, and may lose %s points",
                            trial.name(),
                            trial.gain() / chosen.gain(),
                            Points.of(-difference.interval().low())));
                });
    }
}
