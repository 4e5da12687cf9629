package dev.hone.report;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Value;
import dev.hone.profile.LayerName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the layer of each node of a graph, so that a drawing can fold layers.
 *
 * <p>A node belongs to the layer that its name or else one of its constants' names tells. A node without such a name
 * (transforms make some) belongs to the layer before it, provided that another layered node follows: what only leads
 * into the first layer, or only away from the last, is outside of layers.
 */
final class LayerAssignment {
    private final Map<String, Integer> told = new HashMap<>();
    private final Map<String, Integer> before = new HashMap<>();
    private final Map<String, Integer> after = new HashMap<>();

    LayerAssignment(Graph graph) {
        for (Node node : graph.nodes()) {
            put(told, node, named(graph, node));
            put(before, node, told.containsKey(node.name()) ? told.get(node.name()) : latestInput(node));
        }
        for (Node node : graph.nodes().reversed()) {
            put(after, node, told.containsKey(node.name()) ? told.get(node.name()) : earliestReader(graph, node));
        }
    }

    /** The number of the layer; null outside of layers. */
    @Nullable
    Integer of(Node node) {
        Integer own = told.get(node.name());
        return own != null || !after.containsKey(node.name()) ? own : before.get(node.name());
    }

    private static void put(Map<String, Integer> layers, Node node, @Nullable Integer layer) {
        if (layer != null) {
            layers.put(node.name(), layer);
        }
    }

    private static @Nullable Integer named(Graph graph, Node node) {
        Integer own = LayerName.of(node.name());
        if (own != null) {
            return own;
        }
        return node.inputs().stream()
                .filter(input -> graph.constant(input).isPresent())
                .map(Value::name)
                .map(LayerName::of)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Integer latestInput(Node node) {
        return node.inputs().stream()
                .map(Value::name)
                .map(before::get)
                .filter(Objects::nonNull)
                .max(Integer::compare)
                .orElse(null);
    }

    private @Nullable Integer earliestReader(Graph graph, Node node) {
        List<Node> readers = graph.readers(node.output());
        return readers.stream()
                .map(Node::name)
                .map(after::get)
                .filter(Objects::nonNull)
                .min(Integer::compare)
                .orElse(null);
    }
}
