package dev.hone.cli;

import dev.hone.evaluate.metric.Bootstrap;
import dev.hone.optimize.HeldOutCheck;
import dev.hone.optimize.LayerEffect;
import dev.hone.optimize.Objective;
import dev.hone.optimize.Points;
import dev.hone.optimize.SearchReport;
import dev.hone.optimize.Trial;
import dev.hone.report.CandidateRow;
import dev.hone.report.CandidateRow.Cost;
import dev.hone.report.CandidateRow.Verdict;
import dev.hone.report.Comparison;
import dev.hone.report.Difference;
import dev.hone.report.Estimate;
import dev.hone.report.Fact;
import dev.hone.report.Heading;
import dev.hone.report.LatencyPoint;
import dev.hone.report.Report;
import dev.hone.report.Score;
import dev.hone.report.Sensitivity;
import dev.hone.report.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The page of {@code hone optimize}: what the search found, with a closer look at its choice. */
final class OptimizePage {
    private static final double MILLIS_PER_SECOND = 1000;
    private static final String TIMES = "\u00d7";

    private final SearchReport search;
    private final ChosenModel.Look look;

    OptimizePage(SearchReport search, ChosenModel.Look look) {
        this.search = search;
        this.look = look;
    }

    /**
     * @param summary what opens the answer on the terminal, too
     * @param command that repeats it
     */
    Report report(List<String> summary, String command) {
        return new Report(
                new Heading("How to run " + search.model(), summary, command),
                new Setting(search.machine(), search.threads(), modelFacts(), dataFacts()),
                new Comparison(
                        search.promise().metric(),
                        new Comparison.Objective(objectiveName(), TIMES, true),
                        constraint(),
                        search.original().score() - search.promise().mostPoints(),
                        search.candidates().stream().map(this::row).toList(),
                        search.layers().stream().map(OptimizePage::sensitivity).toList()),
                look.operators(),
                look.graphs(),
                look.passes());
    }

    private List<Fact> modelFacts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("model", search.model()));
        facts.addAll(look.facts());
        return facts;
    }

    private List<Fact> dataFacts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("source", search.data().source()));
        facts.add(new Fact("rows to choose on", String.valueOf(search.data().searchRows())));
        facts.add(new Fact("rows to check on", String.valueOf(search.data().heldOutRows())));
        for (HeldOutCheck check : search.checks()) {
            facts.add(new Fact(
                    "check of " + check.candidate(),
                    Points.signed(check.difference().difference()) + " points ["
                            + Points.signed(check.difference().interval().low()) + ", "
                            + Points.signed(check.difference().interval().high()) + "] on " + check.rows() + " rows: "
                            + OptimizeSummary.outcome(check.outcome())));
        }
        search.notes().forEach(note -> facts.add(new Fact("note", note)));
        facts.add(new Fact(
                "searched", String.format(Locale.ROOT, "%.0f s", search.spent().seconds())));
        return facts;
    }

    private String constraint() {
        return "The choice may lose " + search.promise().mostLoss() + ", that is "
                + Points.of(search.promise().mostPoints()) + " points of "
                + search.promise().metric()
                + ", at the lower end of its interval; scores are points of a hundred";
    }

    private boolean isAbout(Objective objective) {
        return search.promise().objective().equals(objective.label());
    }

    private String objectiveName() {
        String objective = search.promise().objective();
        if (isAbout(Objective.LATENCY) || isAbout(Objective.THROUGHPUT)) {
            return "speed (" + objective + ")";
        }
        return "gain in " + objective;
    }

    private CandidateRow row(Trial trial) {
        boolean original = trial.setup().original();
        return new CandidateRow(
                trial.name(),
                original,
                List.of(
                        "engine " + trial.setup().engine(),
                        trial.setup().precision(),
                        trial.setup().threads() + " threads"),
                new Score(trial.score(), trial.scoreInterval(), trial.rows()),
                difference(trial.difference()),
                objective(trial),
                latency(trial),
                new Cost(
                        new Estimate(trial.times().textByText().millis(), null),
                        new Estimate(MILLIS_PER_SECOND / trial.times().batched().millis(), null),
                        trial.footing().sizeBytes(),
                        trial.footing().opening().memoryBytes()),
                new Verdict(
                        trial.verdict().front(),
                        trial.verdict().allowed(),
                        trial.verdict().chosen(),
                        trial.verdict().reasons()));
    }

    /** The gain, with the interval of the speed where it is the speed of one series. */
    private Estimate objective(Trial trial) {
        if (isAbout(Objective.THROUGHPUT)) {
            return new Estimate(trial.gain(), trial.times().batched().speedInterval());
        }
        boolean single = isAbout(Objective.LATENCY) && trial.times().lengths().isEmpty();
        return new Estimate(trial.gain(), single ? trial.times().textByText().speedInterval() : null);
    }

    /** What was timed by turns in the end; where the search itself timed lengths, its medians for the others. */
    private List<LatencyPoint> latency(Trial trial) {
        List<LatencyPoint> looked = look.latency().get(trial.name());
        if (looked != null) {
            return looked;
        }
        return trial.times().lengths().entrySet().stream()
                .map(series ->
                        new LatencyPoint(1, series.getKey(), series.getValue().millis(), null))
                .toList();
    }

    private static @Nullable Difference difference(Bootstrap.@Nullable Difference difference) {
        return difference == null
                ? null
                : new Difference(difference.difference(), difference.interval(), difference.probability());
    }

    private static Sensitivity sensitivity(LayerEffect effect) {
        return new Sensitivity(
                effect.layer(),
                effect.precision(),
                effect.error(),
                Objects.requireNonNull(difference(effect.difference())));
    }
}
