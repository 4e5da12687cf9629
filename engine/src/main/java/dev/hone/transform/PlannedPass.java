package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Changes of a graph that were chosen by looking at all of it: what takes the place of which node. */
final class PlannedPass {
    private final Map<String, BiFunction<Node, Rewriting, Replacement>> changes = new HashMap<>();

    /** The change at a node; it is made when the walk reaches the node. */
    void at(Node node, BiFunction<Node, Rewriting, Replacement> change) {
        changes.put(node.name(), change);
    }

    /** Makes the changes under a pass's account. */
    Graph apply(Graph graph, PassAccount account) {
        if (changes.isEmpty()) {
            return graph;
        }
        RewriteRule rule = (node, rewriting) ->
                Optional.ofNullable(changes.get(node.name())).map(change -> change.apply(node, rewriting));
        return new RulePass(rule).apply(graph, account);
    }
}
