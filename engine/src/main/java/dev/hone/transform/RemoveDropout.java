package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import java.util.Optional;

/** dropout(x)  →  x: a model that answers drops nothing. */
public final class RemoveDropout implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return node.op() instanceof Op.Dropout ? Optional.of(Replacement.by(node.input(0))) : Optional.empty();
    }
}
