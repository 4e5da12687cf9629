package dev.hone.checkpoint;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Value;
import dev.hone.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leaves out what no output depends on: exported graphs compute values only to ask for their shapes. */
final class LiveNodes {
    private LiveNodes() {}

    static Graph of(Graph graph) {
        Set<String> needed = new HashSet<>();
        graph.outputs().values().forEach(output -> needed.add(output.name()));
        for (Node node : graph.nodes().reversed()) {
            if (needed.contains(node.name())) {
                node.inputs().stream().map(Value::name).forEach(needed::add);
            }
        }
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().retainAll(needed);
        List<Node> nodes = graph.nodes().stream()
                .filter(node -> needed.contains(node.name()))
                .toList();
        return new Graph(graph.name(), graph.inputs(), constants, nodes, graph.outputs());
    }
}
