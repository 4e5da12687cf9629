package dev.hone.cli;

import dev.hone.measure.Latency;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.ThroughputBenchmark.Throughput;
import dev.hone.optimize.Candidate;
import dev.hone.optimize.Fidelity;
import dev.hone.optimize.OptimizeReport;
import dev.hone.quantize.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The report of {@code hone optimize} for people: one column a candidate, the original first. */
final class OptimizeTable {
    private static final int FIRST_COLUMN = 28;
    private static final int COLUMN = 34;
    /** Intervals fit beside two candidates; with more of them they are left to the report. */
    private static final int NARROW_COLUMN = 27;

    private static final int MOST_WIDE = 2;

    private final OptimizeReport report;
    private final List<String> lines = new ArrayList<>();

    private final boolean wide;
    private final int column;

    private OptimizeTable(OptimizeReport report) {
        this.report = report;
        this.wide = report.candidates().size() <= MOST_WIDE;
        this.column = wide ? COLUMN : NARROW_COLUMN;
    }

    static List<String> lines(OptimizeReport report) {
        OptimizeTable table = new OptimizeTable(report);
        table.heading();
        table.opening();
        table.fidelity();
        table.latency();
        table.throughput();
        table.lines.add("");
        table.lines.add("chosen    " + report.chosen() + table.verdict());
        table.alternatives();
        return List.copyOf(table.lines);
    }

    private void heading() {
        MachineRecord machine = report.machine();
        OptimizeReport.Sample sample = report.sample();
        lines.add("model     " + report.model());
        lines.add("machine   " + machine.processor() + ", " + machine.cores() + " cores, "
                + String.join(" ", machine.features()));
        lines.add("          " + machine.operatingSystem() + ", " + machine.javaRuntime() + ", " + report.threads()
                + " threads for each engine");
        lines.add(text(
                "sample    %d graded pairs, %d texts, %d tokens (median %.0f, longest %d)",
                sample.pairs(), sample.texts(), sample.tokens(), sample.medianTokens(), sample.mostTokens()));
    }

    private void opening() {
        section("");
        row("opened in", candidate -> text("%.2f s", candidate.openMillis() / 1e3));
        row("first answer after", candidate -> text("%.2f s", opened(candidate)));
    }

    private static double opened(Candidate candidate) {
        return (candidate.openMillis() + candidate.firstAnswerMillis()) / 1e3;
    }

    private void fidelity() {
        section("answers on the sample, compared with the original's");
        row("worst cosine", candidate -> text("%.9f", candidate.fidelity().worstCosine()));
        row("mean cosine", candidate -> text("%.9f", candidate.fidelity().meanCosine()));
        row("largest difference", candidate -> difference(candidate.fidelity()));
        row("Spearman with the grades", OptimizeTable::spearman);
        row(
                "of that lost",
                candidate -> text("%.3f %%", 100 * candidate.fidelity().loss()));
    }

    private static String difference(Fidelity fidelity) {
        return text("%.1e (%.1e of all)", fidelity.largestAbsolute(), fidelity.largestRelative());
    }

    private static String spearman(Candidate candidate) {
        return text("%.6f", candidate.fidelity().candidateSpearman());
    }

    private void latency() {
        section("latency of one text: median ms" + intervals() + ", and times the original's speed");
        List<Latency> original = report.candidates().getFirst().latency();
        for (int cell = 0; cell < original.size(); cell++) {
            int index = cell;
            row(original.get(cell).sequence() + " tokens", candidate -> latency(candidate, index));
        }
    }

    private String latency(Candidate candidate, int index) {
        Latency cell = candidate.latency().get(index);
        Latency original = report.candidates().getFirst().latency().get(index);
        return text("%8.3f", cell.medianMillis())
                + (wide ? text(" [%.3f - %.3f]", cell.low95Millis(), cell.high95Millis()) : "")
                + ratio(candidate, original.medianMillis() / cell.medianMillis());
    }

    private void throughput() {
        section("throughput on the sample, batches of 32: texts a second" + intervals());
        List<Throughput> original = report.candidates().getFirst().throughput();
        for (int order = 0; order < original.size(); order++) {
            int index = order;
            row(
                    original.get(order).order().equals("given") ? "in the order given" : "sorted by length",
                    candidate -> throughput(candidate, index));
        }
    }

    private String throughput(Candidate candidate, int index) {
        Throughput cell = candidate.throughput().get(index);
        Throughput original = report.candidates().getFirst().throughput().get(index);
        return text("%8.1f", cell.perSecond())
                + (wide ? text(" [%.1f - %.1f]", cell.low95PerSecond(), cell.high95PerSecond()) : "")
                + ratio(candidate, cell.perSecond() / original.perSecond());
    }

    /** The original itself has no ratio; a candidate that is slower is called so. */
    private String ratio(Candidate candidate, double speed) {
        if (candidate.equals(report.candidates().getFirst())) {
            return "";
        }
        return text(" %.2fx", speed) + (speed < 1 ? " SLOWER" : "");
    }

    private String intervals() {
        return wide ? " [95 % interval]" : "";
    }

    /** Candidates that are quicker than the chosen one and were not allowed, with what would allow them. */
    private void alternatives() {
        double chosen = millis(report.chosen());
        for (Candidate candidate : report.candidates()) {
            boolean lower = !candidate.precision().equals(Precision.F32.label());
            if (lower && candidate.typicalMillis() < chosen) {
                double needed = Math.max(0.1, Math.ceil(candidate.fidelity().loss() * 1000) / 10);
                lines.add(text(
                        "          %s is %.1f times as quick as that and would be allowed by --max-loss %.1f%%",
                        candidate.name(), chosen / candidate.typicalMillis(), needed));
            }
        }
    }

    private double millis(String name) {
        return report.candidates().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow()
                .typicalMillis();
    }

    private String verdict() {
        Candidate original = report.candidates().getFirst();
        for (Candidate candidate : report.candidates()) {
            boolean single = candidate.precision().equals(Precision.F32.label());
            if (single && !candidate.fidelity().isFaithful()) {
                return " (" + candidate.name() + " is not faithful enough: cosine below " + Fidelity.LEAST_COSINE
                        + " or difference above " + Fidelity.MOST_RELATIVE + ")";
            }
        }
        return report.chosen().equals(original.name()) ? " (nothing measured here was quicker)" : "";
    }

    private void section(String title) {
        lines.add("");
        StringBuilder names = new StringBuilder(text("%-" + FIRST_COLUMN + "s", ""));
        report.candidates().forEach(candidate -> names.append(text("%-" + column + "s", candidate.name())));
        if (!title.isEmpty()) {
            lines.add(title);
        }
        lines.add(names.toString().stripTrailing());
    }

    private void row(String label, Function<Candidate, String> value) {
        StringBuilder line = new StringBuilder(text("%-" + FIRST_COLUMN + "s", "  " + label));
        report.candidates().forEach(candidate -> line.append(text("%-" + column + "s", value.apply(candidate))));
        lines.add(line.toString().stripTrailing());
    }

    @SuppressWarnings("AnnotateFormatMethod") // Formats are literals of this class, some with a width put in.
    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
