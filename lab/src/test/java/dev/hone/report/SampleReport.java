package dev.hone.report;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.OpText;
import dev.hone.measure.Interval;
import dev.hone.measure.MachineRecord;
import dev.hone.profile.GroupProfile;
import dev.hone.profile.StepProfile;
import dev.hone.profile.StepRate;
import dev.hone.report.CandidateRow.Cost;
import dev.hone.report.CandidateRow.Verdict;
import dev.hone.session.OpenedModel;
import dev.hone.task.EmbeddedModel;
import dev.hone.transform.Pipeline;
import dev.hone.transform.Pipelines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report with everything in it: the graphs of the bundled model, and numbers that nobody measured. */
final class SampleReport {
    /** A name that would end the element it stands in, with characters that break scripts. */
    static final String HOSTILE =
            "</script><script>window.broken=1</script><!-- \u2028 \ud83d\ude80 \"'&amp; \u6a21\u578b";

    static final int LAYERS = 6;

    private static final StepRate RATE = new StepRate(100, 10, 0.2, 0.4);

    private SampleReport() {}

    static Report make() {
        try (OpenedModel model = OpenedModel.open(EmbeddedModel.directory())) {
            Pipeline.Result result = Pipelines.INFERENCE.run(model.graph(), Optional.empty());
            List<StepProfile> before = steps(result.graph(), 0.4);
            List<StepProfile> after = steps(result.graph(), 0.2);
            return new Report(
                    new Heading("Report of " + HOSTILE, List.of("The first sentence.", HOSTILE), "hone optimize MODEL"),
                    new Setting(
                            MachineRecord.here(Map.of("hone", "1")),
                            2,
                            Fact.ofGraph(result.graph()),
                            List.of(new Fact("rows", "872"))),
                    comparison(),
                    List.of(times("f32", before), times("int8", after)),
                    List.of(
                            GraphPicture.of("as opened", model.graph(), List.of()),
                            GraphPicture.of("f32", result.graph(), before),
                            GraphPicture.of("int8", result.graph(), after)),
                    PassOutcome.of(result.report()));
        }
    }

    private static List<StepProfile> steps(Graph graph, double millis) {
        List<StepProfile> steps = new ArrayList<>();
        for (Node node : graph.nodes()) {
            String kind = OpText.name(node.op());
            double taken = kind.equals("linear") ? 3 * millis : millis;
            Integer layer = new LayerAssignment(graph).of(node);
            steps.add(new StepProfile(steps.size(), kind, layer, node.name(), kind + " m=128", taken, taken, 0, RATE));
        }
        return steps;
    }

    private static OperatorTimes times(String label, List<StepProfile> steps) {
        double whole = steps.stream().mapToDouble(StepProfile::millis).sum();
        List<GroupProfile> kinds = groups(steps.stream().collect(Collectors.groupingBy(StepProfile::kind)), whole);
        List<GroupProfile> layers = groups(
                steps.stream()
                        .filter(step -> step.layer() != null)
                        .collect(Collectors.groupingBy(step -> "layer " + step.layer())),
                whole);
        return new OperatorTimes(label, "1x128", whole, around(whole, 0.1), 0, kinds, layers, steps);
    }

    private static List<GroupProfile> groups(Map<String, List<StepProfile>> steps, double whole) {
        return steps.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(group -> {
                    double millis = group.getValue().stream()
                            .mapToDouble(StepProfile::millis)
                            .sum();
                    return new GroupProfile(group.getKey(), group.getValue().size(), millis, millis / whole, 0, RATE);
                })
                .toList();
    }

    private static Comparison comparison() {
        return new Comparison(
                "accuracy",
                new Comparison.Objective("latency at 32 tokens", "ms", false),
                "The choice loses at most 1 % of the original's accuracy",
                0.8878,
                List.of(
                        candidate("onnxruntime f32", 0.8968, 2.8, verdict(true, true, false)),
                        candidate("hone f32", 0.8968, 1.9, verdict(true, true, false)),
                        candidate("hone bf16", 0.8957, 1.1, verdict(true, true, false)),
                        candidate(
                                "hone int8, output of layers 4 and 9 in bf16", 0.8945, 0.8, verdict(true, true, true)),
                        candidate("hone int8", 0.8922, 0.78, verdict(false, true, false)),
                        candidate(HOSTILE, 0.7213, 0.77, verdict(false, false, false))),
                List.of(new Sensitivity(
                        "encoder.layer.4.output.dense",
                        "int8",
                        0.031,
                        new Difference(-0.009, new Interval(-0.014, -0.004), 0.002))));
    }

    private static Verdict verdict(boolean front, boolean allowed, boolean chosen) {
        return new Verdict(
                front, allowed, chosen, chosen ? List.of("The quickest that keeps the promise.") : List.of());
    }

    private static CandidateRow candidate(String label, double score, double millis, Verdict verdict) {
        boolean original = label.startsWith("onnx");
        double loss = score - 0.8968;
        return new CandidateRow(
                label,
                original,
                List.of(original ? "nothing" : "fused", "2 threads"),
                new Score(score, around(score, 0.012), 872),
                original ? null : new Difference(loss, around(loss, 0.004), 0.5),
                new Estimate(millis, around(millis, 0.03 * millis)),
                List.of(
                        new LatencyPoint(1, 8, millis / 3, around(millis / 3, 0.02 * millis)),
                        new LatencyPoint(1, 32, millis, around(millis, 0.03 * millis)),
                        new LatencyPoint(1, 128, millis * 4.5, around(millis * 4.5, 0.1 * millis))),
                new Cost(
                        new Estimate(millis, null),
                        new Estimate(1500 / millis, null),
                        66_000_000L,
                        original ? null : 210_000_000L),
                verdict);
    }

    private static Interval around(double value, double distance) {
        return new Interval(value - distance, value + distance);
    }
}
