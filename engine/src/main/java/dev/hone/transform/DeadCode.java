package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Value;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes nodes and constants that no output needs; inputs stay. */
public final class DeadCode implements Pass {
    @Override
    public String name() {
        return "RemoveDeadCode";
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Graph smaller = remove(graph);
        Set<String> kept = new HashSet<>();
        smaller.nodes().forEach(node -> kept.add(node.name()));
        graph.nodes().stream()
                .map(Node::name)
                .filter(name -> !kept.contains(name))
                .forEach(account::fire);
        return smaller;
    }

    static Graph remove(Graph graph) {
        return keep(graph, graph.outputs());
    }

    /**
     * The part of a graph that some of its outputs need.
     *
     * @param names outputs to keep; the order of the graph's own outputs stays
     */
    public static Graph keepOutputs(Graph graph, Collection<String> names) {
        Map<String, Value> outputs = new LinkedHashMap<>(graph.outputs());
        outputs.keySet().retainAll(names);
        return keep(graph, outputs);
    }

    private static Graph keep(Graph graph, Map<String, Value> outputs) {
        Set<String> needed = new HashSet<>();
        outputs.values().forEach(value -> needed.add(value.name()));
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes().reversed()) {
            if (needed.contains(node.name())) {
                kept.addFirst(node);
                node.inputs().forEach(input -> needed.add(input.name()));
            }
        }
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().retainAll(needed);
        return new Graph(graph.name(), graph.inputs(), constants, kept, outputs);
    }
}
