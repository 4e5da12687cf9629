package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the optimiser makes of an exported graph. */
record Optimized(OptimizerReport report, Map<String, Integer> counts, List<EditableNode> nodes) {
    static Optimized of(ExportedGraph graph, Path directory, OptimizerSettings settings) {
        try (EditableModel model = EditableModel.open(graph.write(directory.resolve("exported.onnx")))) {
            OptimizerReport report = new OnnxOptimizer(settings).run(model);
            return new Optimized(report, model.operatorCounts(), model.nodes());
        }
    }

    static Optimized of(ExportedGraph graph, Path directory, Switch... switches) {
        return of(graph, directory, OptimizerSettings.of(Level.EXTENDED, switches));
    }

    int count(String operator) {
        return counts.getOrDefault(operator, 0);
    }

    int microsoft(String operator) {
        return count(EditableNode.MICROSOFT + "." + operator);
    }

    EditableNode node(String operator) {
        Optional<EditableNode> found =
                nodes.stream().filter(node -> node.operator().equals(operator)).findFirst();
        return found.orElseThrow(() -> new AssertionError("no " + operator + " in " + nodes));
    }

    /** Why a step did not fire, all reasons in one text. */
    String refusals(String step) {
        return report.steps().stream()
                .filter(each -> each.name().equals(step))
                .map(each -> each.refusals().toString())
                .reduce("", String::concat);
    }
}
