package dev.hone.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Readable names of what a fused graph computes with large products: its linear layers and its attentions.
 *
 * <p>They follow from the graph's structure alone, so that a checkpoint and an export of the same model, whose nodes
 * have different names, agree. A layer of an encoder begins with what its attention reads:
 *
 * <pre>
 * layer.N.qkv            queries, keys and values (layer.N.qkv.1 … where they are not merged)
 * layer.N.attention      the products of attention itself
 * layer.N.projection     the linear layer behind attention
 * layer.N.intermediate   the wide one
 * layer.N.output         the narrow one behind it
 * embeddings.projection  what stands before the first layer
 * head.0, head.1, …      what stands behind the last layer
 * </pre>
 */
public final class LayerNames {
    private static final String[] BEHIND_ATTENTION = {"projection", "intermediate", "output"};

    private final Graph graph;
    private final int layers;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Integer> taken = new HashMap<>();

    private LayerNames(Graph graph) {
        this.graph = graph;
        this.layers = Math.toIntExact(
                graph.nodes().stream().filter(LayerNames::isAttention).count());
    }

    /** The readable names by the names of the nodes, in running order. */
    public static Map<String, String> of(Graph graph) {
        LayerNames names = new LayerNames(graph);
        names.walk();
        return names.names;
    }

    private void walk() {
        int attentions = 0;
        int behind = 0;
        for (Node node : graph.nodes()) {
            if (isAttention(node)) {
                name(node, "layer." + attentions + ".attention");
                attentions++;
                behind = 0;
            } else if (isLinear(node) && feedsAttention(node)) {
                name(node, "layer." + attentions + ".qkv");
            } else if (isLinear(node)) {
                name(node, role(attentions, behind));
                behind++;
            }
        }
    }

    private String role(int attentions, int behind) {
        if (attentions == 0) {
            return layers == 0 ? "linear" : "embeddings.projection";
        }
        String layer = "layer." + (attentions - 1) + ".";
        if (behind < BEHIND_ATTENTION.length) {
            return layer + BEHIND_ATTENTION[behind];
        }
        return attentions == layers ? "head." + (behind - BEHIND_ATTENTION.length) : layer + "further";
    }

    private void name(Node node, String name) {
        int earlier = taken.merge(name, 1, Integer::sum) - 1;
        names.put(node.name(), earlier == 0 ? name : name + "." + earlier);
    }

    private boolean feedsAttention(Node node) {
        return graph.readers(node.output()).stream().anyMatch(LayerNames::isAttention);
    }

    private static boolean isAttention(Node node) {
        return node.op() instanceof Op.Attention;
    }

    private static boolean isLinear(Node node) {
        return node.op() instanceof Op.Linear
                || node.op() instanceof Op.QuantizedLinear
                || node.op() instanceof Op.GroupedLinear;
    }

    /** The linear layer or attention of a readable name. */
    public static Optional<Node> find(Graph graph, String name) {
        Map<String, String> names = of(graph);
        return graph.nodes().stream()
                .filter(node -> name.equals(names.get(node.name())))
                .findFirst();
    }
}
