package dev.hone.cli;

import dev.hone.engines.OnnxAgreement;
import dev.hone.measure.Json;
import dev.hone.onnx.optimize.OptimizerReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the optimiser of ONNX files did, for people and as JSON. */
final class OnnxOptimizeTable {
    /** More refusals of one step than this are counted and not spelt, unless all is asked for. */
    private static final int FEW = 3;

    private final PrintWriter out;
    private final boolean verbose;

    OnnxOptimizeTable(PrintWriter out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    void print(OptimizerReport report, Optional<OnnxAgreement> agreement, TransformCommand.Format format) {
        if (format == TransformCommand.Format.JSON) {
            out.println(Json.line(json(report, agreement)));
            return;
        }
        report.steps().forEach(this::print);
        out.printf(Locale.ROOT, "%n%-44s %7s %7s %7s%n", "operator", "before", "after", "change");
        for (Map.Entry<String, Integer> entry : report.differences().entrySet()) {
            String operator = entry.getKey();
            row(
                    operator,
                    report.before().getOrDefault(operator, 0),
                    report.after().getOrDefault(operator, 0));
        }
        row("all nodes", report.nodesBefore(), report.nodesAfter());
        report.notes().forEach(note -> out.println("note: " + note));
        out.println(agreement
                .map(some -> String.format(
                        Locale.ROOT,
                        "%nanswers: largest difference %.2g (%s), %d numbers compared in ONNX Runtime",
                        some.largest(),
                        some.where(),
                        some.values()))
                .orElse("\nanswers: not compared (--no-check)"));
    }

    private void row(String name, int before, int after) {
        out.printf(Locale.ROOT, "%-44s %7d %7d %+7d%n", name, before, after, after - before);
    }

    private void print(OptimizerReport.Step step) {
        out.printf(
                Locale.ROOT,
                "%-28s fired %4d   nodes %+5d%s%n",
                step.name(),
                step.fired(),
                -step.nodesRemoved(),
                step.refusals().isEmpty()
                        ? ""
                        : "   not matched " + step.refusals().size());
        List<OptimizerReport.Refusal> shown = verbose
                ? step.refusals()
                : step.refusals().subList(0, Math.min(FEW, step.refusals().size()));
        shown.forEach(refusal -> out.println("    " + refusal.node() + ": " + refusal.reason()));
        if (shown.size() < step.refusals().size()) {
            out.println("    ... " + (step.refusals().size() - shown.size()) + " more, see --verbose");
        }
    }

    private static Map<String, Object> json(OptimizerReport report, Optional<OnnxAgreement> agreement) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("steps", report.steps().stream().map(OnnxOptimizeTable::json).toList());
        json.put("nodes_before", report.nodesBefore());
        json.put("nodes_after", report.nodesAfter());
        json.put("difference", signed(report.nodesAfter() - report.nodesBefore()));
        Map<String, String> differences = new LinkedHashMap<>();
        report.differences().forEach((operator, difference) -> differences.put(operator, signed(difference)));
        json.put("operator_differences", differences);
        json.put("operators_before", report.before());
        json.put("operators_after", report.after());
        json.put("notes", report.notes());
        agreement.ifPresent(some -> {
            json.put("largest_difference", some.largest());
            json.put("compared_values", some.values());
        });
        return json;
    }

    private static Map<String, Object> json(OptimizerReport.Step step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", step.name());
        json.put("fired", step.fired());
        json.put("difference", signed(-step.nodesRemoved()));
        json.put(
                "not_matched",
                step.refusals().stream()
                        .map(refusal -> Map.of("node", refusal.node(), "reason", refusal.reason()))
                        .toList());
        return json;
    }

    private static String signed(int difference) {
        return String.format(Locale.ROOT, "%+d", difference);
    }
}
