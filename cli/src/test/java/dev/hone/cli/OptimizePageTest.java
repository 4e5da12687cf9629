package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import dev.hone.measure.MachineRecord;
import dev.hone.optimize.HeldOutCheck;
import dev.hone.optimize.LayerEffect;
import dev.hone.optimize.Likeness;
import dev.hone.optimize.OpeningCost;
import dev.hone.optimize.SearchReport;
import dev.hone.optimize.SearchReport.Data;
import dev.hone.optimize.SearchReport.Promise;
import dev.hone.optimize.SearchReport.Spent;
import dev.hone.optimize.Series;
import dev.hone.optimize.Times;
import dev.hone.optimize.Trial;
import dev.hone.report.CandidateRow;
import dev.hone.report.Comparison;
import dev.hone.report.LatencyPoint;
import dev.hone.report.Report;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class OptimizePageTest {
    private static final Difference LOSS = new Difference(-0.4, new Interval(-0.9, 0.1), 0.2);
    private static final LatencyPoint TIMED = new LatencyPoint(1, 32, 0.5, new Interval(0.4, 0.6));

    private static Trial trial(String name, boolean original, double gain) {
        Series series = new Series(4 / gain, 4, gain, new Interval(gain - 0.1, gain + 0.1));
        return new Trial(
                name,
                new Trial.Setup(original ? "onnxruntime" : "hone", original ? "f32" : "int8", 2, original),
                500,
                original ? 90 : 89.6,
                new Interval(87, 92),
                original ? null : LOSS,
                new Times(series, series, Map.of(8, series)),
                gain,
                new Likeness(0.01, null),
                new Trial.Footing(new OpeningCost(100, 1_000L), original ? null : 2_000L),
                new Trial.Verdict(true, true, !original, false, List.of("a reason")));
    }

    private static SearchReport search() {
        return new SearchReport(
                "a model",
                MachineRecord.here(Map.of()),
                "avx2",
                2,
                new Data("rows.jsonl", 500, 300),
                new Promise("accuracy", "1%", 0.9, "latency", List.of(8)),
                List.of(trial("onnxruntime f32", true, 1), trial("hone int8", false, 4)),
                List.of(new HeldOutCheck(
                        "hone int8", 300, 90, 89.7, new Interval(86, 92), LOSS, HeldOutCheck.Outcome.KEPT)),
                "hone int8",
                List.of(new LayerEffect("layer.4.output", "int8", 0.03, LOSS)),
                List.of("a note"),
                new Spent(12, 5, 0));
    }

    @Test
    void everythingThatTheSearchFoundIsOnThePage() {
        ChosenModel.Look look =
                new ChosenModel.Look(Map.of("hone int8", List.of(TIMED)), List.of(), List.of(), List.of(), List.of());
        Report report = new OptimizePage(search(), look).report(List.of("a line"), "hone optimize MODEL");
        assertThat(report.heading().summary()).containsExactly("a line");
        assertThat(report.setting().data().toString()).contains("rows.jsonl", "check of hone int8", "kept", "a note");
        Comparison comparison = Objects.requireNonNull(report.comparison());
        assertThat(comparison.leastScore()).isEqualTo(89.1);
        assertThat(comparison.sensitivities())
                .singleElement()
                .satisfies(effect -> assertThat(effect.place()).isEqualTo("layer.4.output"));
        CandidateRow original = comparison.candidates().getFirst();
        assertThat(original.original()).isTrue();
        assertThat(original.difference()).isNull();
        assertThat(original.latency()).extracting(LatencyPoint::length).containsExactly(8);
        CandidateRow chosen = comparison.candidates().getLast();
        assertThat(chosen.verdict().chosen()).isTrue();
        assertThat(chosen.latency()).as("what was timed by turns").containsExactly(TIMED);
        assertThat(Objects.requireNonNull(chosen.objective()).value()).isEqualTo(4);
        assertThat(Objects.requireNonNull(chosen.difference()).interval()).isEqualTo(LOSS.interval());
        assertThat(Objects.requireNonNull(chosen.cost().textsPerSecond()).value())
                .isEqualTo(1000);
        assertThat(chosen.cost().modelBytes()).isEqualTo(2_000L);
    }
}
