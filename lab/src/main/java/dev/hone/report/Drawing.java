package dev.hone.report;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.OpText;
import dev.hone.graph.Value;
import dev.hone.profile.StepProfile;
import dev.hone.report.GraphPicture.DrawnNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a picture of a graph: numbers its nodes, finds their layers, adds the times of their steps. */
final class Drawing {
    private final Graph graph;
    private final Map<String, List<StepProfile>> steps;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, List<String>> outputs = new HashMap<>();
    private final LayerAssignment layers;

    Drawing(Graph graph, List<StepProfile> steps) {
        this.graph = graph;
        this.steps = steps.stream().collect(Collectors.groupingBy(StepProfile::node));
        this.layers = new LayerAssignment(graph);
        graph.outputs()
                .forEach((name, value) -> outputs.computeIfAbsent(value.name(), _ -> new ArrayList<>())
                        .add(name));
    }

    List<DrawnNode> nodes() {
        List<DrawnNode> nodes = new ArrayList<>();
        for (Value input : graph.inputs()) {
            places.put(input.name(), nodes.size());
            nodes.add(input(input));
        }
        for (Node node : graph.nodes()) {
            nodes.add(node(node));
            places.put(node.name(), nodes.size() - 1);
        }
        return nodes;
    }

    private DrawnNode input(Value input) {
        return new DrawnNode(
                input.name(),
                "input",
                "",
                null,
                input.valueType().toString(),
                List.of(),
                List.of(),
                outputs.getOrDefault(input.name(), List.of()),
                null,
                List.of());
    }

    private DrawnNode node(Node node) {
        List<Integer> inputs = new ArrayList<>();
        List<String> constants = new ArrayList<>();
        for (Value input : node.inputs()) {
            Integer place = places.get(input.name());
            if (place == null) {
                constants.add(input.name() + ": " + input.valueType());
            } else {
                inputs.add(place);
            }
        }
        List<StepProfile> own = steps.getOrDefault(node.name(), List.of());
        return new DrawnNode(
                node.name(),
                OpText.name(node.op()),
                attributes(node),
                layers.of(node),
                node.output().valueType().toString(),
                inputs,
                constants,
                outputs.getOrDefault(node.name(), List.of()),
                millis(own),
                own.stream().map(StepProfile::problem).toList());
    }

    private static @Nullable Double millis(List<StepProfile> steps) {
        return steps.isEmpty()
                ? null
                : steps.stream().mapToDouble(StepProfile::millis).sum();
    }

    private static String attributes(Node node) {
        String text = OpText.print(node.op());
        int brace = text.indexOf('{');
        return brace < 0 ? "" : text.substring(brace + 1, text.length() - 1);
    }
}
