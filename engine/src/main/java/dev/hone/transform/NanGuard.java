package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import java.util.Optional;

/**
 * where(isNaN(x), 0, x), which newer exports put around softmax for rows without any key. A sequence has at least one
 * token, so no such row exists.
 */
final class NanGuard {
    private NanGuard() {}

    /** The guarded value; the value itself where there is no guard. */
    static Value strip(Value value, Rewriting graph) {
        Optional<Node> where = graph.producer(value, Op.Where.class);
        boolean guards = where.isPresent()
                && graph.scalar(where.get().input(1)).orElse(1) == 0
                && graph.producer(where.get().input(0), Op.Unary.class)
                        .filter(node -> ((Op.Unary) node.op()).function() == Op.UnaryFunction.IS_NAN)
                        .filter(node -> node.input(0).equals(where.get().input(2)))
                        .isPresent();
        return guards ? where.get().input(2) : value;
    }
}
