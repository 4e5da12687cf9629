package dev.hone.cli;

import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.optimize.HeldOutCheck;
import dev.hone.optimize.HeldOutCheck.Outcome;
import dev.hone.optimize.Points;
import dev.hone.optimize.SearchReport;
import dev.hone.optimize.Series;
import dev.hone.optimize.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What opens the answer of {@code hone optimize}: at most ten lines for somebody who reads nothing else. */
final class OptimizeSummary {
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
            lines.add("Gain      " + gain(chosen));
            lines.add("Cost      " + cost(report, chosen));
            lines.add("Sure?     " + sure(report, check));
        }
        chosen.verdict().reasons().forEach(reason -> lines.add("Why       " + reason));
        quicker(report, chosen, lines);
        if (artefact != null) {
            lines.add("Apply     hone infer " + artefact + " \"a text\", or Hone.load(Path.of(\"" + artefact
                    + "\")) in Java");
        }
        lines.add("Repeat    " + command);
        return List.copyOf(lines);
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
                Points.of(report.original().score()),
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
            case KEPT_ON_THESE_ROWS -> "kept on these rows, which are too few to be sure of others";
            case BROKEN -> "broken";
        };
    }

    /** The best one that was refused, with what would allow it. */
    private static void quicker(SearchReport report, Trial chosen, List<String> lines) {
        report.candidates().stream()
                .filter(trial -> !trial.verdict().allowed() && trial.gain() > chosen.gain())
                .filter(trial -> trial.difference() != null)
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
