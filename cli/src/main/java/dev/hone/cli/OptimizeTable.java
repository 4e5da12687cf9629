package dev.hone.cli;

import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import dev.hone.measure.MachineRecord;
import dev.hone.optimize.Fidelity;
import dev.hone.optimize.HeldOutCheck;
import dev.hone.optimize.LayerEffect;
import dev.hone.optimize.Points;
import dev.hone.optimize.SearchReport;
import dev.hone.optimize.Series;
import dev.hone.optimize.Trial;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The details of {@code hone optimize} for people: a line a candidate, the original first. */
final class OptimizeTable {
    private static final int MOST_LAYERS = 8;
    private static final int LAYERS_TO_COUNT = 3;

    private final SearchReport report;
    private final List<String> lines = new ArrayList<>();
    private final int nameWidth;

    private OptimizeTable(SearchReport report) {
        this.report = report;
        this.nameWidth = Stream.concat(
                        Stream.of("candidate"), report.candidates().stream().map(OptimizeTable::shortName))
                .mapToInt(String::length)
                .max()
                .orElse(0);
    }

    /** Its name, with a count in place of more layers than a line holds; the report names them all. */
    private static String shortName(Trial trial) {
        Scheme scheme = Scheme.parse(trial.setup().precision());
        List<Scheme.Choice> choices = scheme.choices();
        if (choices.size() < LAYERS_TO_COUNT) {
            return trial.name();
        }
        Precision kept = choices.getFirst().precision();
        return trial.name()
                .replace(scheme.toString(), scheme.base().label() + ", " + choices.size() + " layers " + kept.label());
    }

    static List<String> lines(SearchReport report) {
        OptimizeTable table = new OptimizeTable(report);
        table.setting();
        table.candidates();
        table.likeness();
        table.lengths();
        table.weights();
        table.checks();
        table.layers();
        table.reasons();
        return List.copyOf(table.lines);
    }

    private void setting() {
        MachineRecord machine = report.machine();
        SearchReport.Data data = report.data();
        lines.add("machine   " + machine.processor() + ", " + machine.cores() + " cores, "
                + String.join(" ", machine.features()));
        lines.add("          " + machine.operatingSystem() + ", " + machine.javaRuntime() + ", " + report.threads()
                + " threads for each engine");
        lines.add("data      " + data.source());
        lines.add(text(
                "          %d rows to choose on, %d others to check the choice on",
                data.searchRows(), data.heldOutRows()));
        lines.add(text(
                "promise   at most %s points of %s lost (%s), even at the lower end of a 95 %% interval",
                Points.of(report.promise().mostPoints()),
                report.promise().metric(),
                report.promise().mostLoss()));
    }

    private void candidates() {
        lines.add("");
        lines.add(text(
                "%-" + nameWidth + "s  %5s  %-24s %-24s %-26s %-22s", // nothing but widths
                "candidate",
                "rows",
                report.promise().metric() + ", points",
                "beside the original",
                "text by text, ms",
                "in batches, texts/s"));
        for (Trial trial : report.candidates()) {
            lines.add(candidate(trial).stripTrailing());
        }
        lines.add(text("%s  * on the front: no other candidate is both as quick and as good", " ".repeat(nameWidth)));
    }

    private String candidate(Trial trial) {
        Series single = trial.times().textByText();
        Series batched = trial.times().batched();
        boolean original = trial.setup().original();
        return text(
                "%-" + nameWidth + "s%s %5d  %-24s %-24s %-26s %-22s",
                shortName(trial),
                trial.verdict().front() ? "*" : " ",
                trial.rows(),
                Points.of(trial.score()) + interval(trial.scoreInterval()),
                difference(trial.difference()),
                text("%.3f", single.millis()) + (original ? "" : speed(single)),
                text("%.0f", 1e3 / batched.millis()) + (original ? "" : text("  %.2fx", batched.speed())));
    }

    private static String speed(Series series) {
        return text(
                "  %.2fx [%.2f - %.2f]%s",
                series.speed(),
                series.speedInterval().low(),
                series.speedInterval().high(),
                series.speed() < 1 ? " SLOWER" : "");
    }

    private static String difference(@Nullable Difference difference) {
        return difference == null ? "" : Points.signed(difference.difference()) + signedInterval(difference.interval());
    }

    private static String interval(Interval interval) {
        return " [" + Points.of(interval.low()) + " - " + Points.of(interval.high()) + "]";
    }

    private static String signedInterval(Interval interval) {
        return " [" + Points.signed(interval.low()) + ", " + Points.signed(interval.high()) + "]";
    }

    /** How alike the outputs are, whatever is right. */
    private void likeness() {
        lines.add("");
        lines.add("outputs beside the original's: largest difference, of the largest value"
                + (report.candidates().getLast().likeness().fidelity() == null ? "" : "; cosines of embeddings"));
        for (Trial trial : report.candidates()) {
            if (!trial.setup().original()) {
                Fidelity fidelity = trial.likeness().fidelity();
                lines.add(text(
                                "  %-" + nameWidth + "s  %.1e",
                                shortName(trial),
                                trial.likeness().largestRelative())
                        + (fidelity == null
                                ? ""
                                : text(
                                        "   worst %.9f, mean %.9f of %d texts",
                                        fidelity.worstCosine(), fidelity.meanCosine(), fidelity.texts())));
            }
        }
    }

    private void lengths() {
        for (int length : report.original().times().lengths().keySet()) {
            lines.add("");
            lines.add("one sequence of " + length + " tokens, ms");
            for (Trial trial : report.candidates()) {
                Series series = Objects.requireNonNull(trial.times().lengths().get(length));
                lines.add(text("  %-" + nameWidth + "s  %8.3f", shortName(trial), series.millis())
                        + (trial.setup().original() ? "" : speed(series)));
            }
        }
    }

    private void weights() {
        String objective = report.promise().objective();
        if (OptimizeSummary.weightBytes(report.original().footing(), objective) == null) {
            return;
        }
        lines.add("");
        lines.add(objective + ", MB");
        for (Trial trial : report.candidates()) {
            Long bytes = Objects.requireNonNull(OptimizeSummary.weightBytes(trial.footing(), objective));
            lines.add(text(
                    "  %-" + nameWidth + "s  %8.1f  %.2fx",
                    shortName(trial),
                    bytes / OptimizeSummary.BYTES_PER_MEGABYTE,
                    trial.gain()));
        }
    }

    private void checks() {
        for (HeldOutCheck check : report.checks()) {
            lines.add("");
            lines.add(text("held out  %s on %d rows that it was not chosen by", check.candidate(), check.rows()));
            lines.add(text(
                    "          %s instead of %s points, %s: %s",
                    Points.of(check.score()) + interval(check.scoreInterval()),
                    Points.of(check.originalScore()),
                    difference(check.difference()),
                    OptimizeSummary.outcome(check.outcome())));
        }
    }

    private void layers() {
        if (report.layers().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("layers that mind most, each lowered alone: error of the outputs, change of the score");
        for (LayerEffect effect : report.layers().stream().limit(MOST_LAYERS).toList()) {
            lines.add(text(
                    "  %-28s %-5s %.1e  %s",
                    effect.layer(), effect.precision(), effect.error(), difference(effect.difference())));
        }
    }

    private void reasons() {
        lines.add("");
        for (Trial trial : report.candidates()) {
            trial.verdict()
                    .reasons()
                    .forEach(reason -> lines.add(text("%-" + nameWidth + "s  %s", shortName(trial), reason)));
        }
        report.notes().forEach(lines::add);
        SearchReport.Spent spent = report.spent();
        lines.add(text(
                "searched for %.0f s: %d measurements, and %d of an earlier run",
                spent.seconds(), spent.measured(), spent.known()));
    }

    @SuppressWarnings("AnnotateFormatMethod") // Formats are literals of this class, some with a width put in.
    private static String text(String format, @Nullable Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
