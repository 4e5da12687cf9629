package dev.hone.transform;

import dev.hone.graph.Node;
import java.util.Optional;

/** A small change around one node. */
public interface RewriteRule {
    /** The name in reports and options. */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * Tries to match with the given node as the last of the pattern.
     *
     * @return what takes the node's place; empty when the pattern is not there
     */
    Optional<Replacement> rewrite(Node node, Rewriting graph);
}
