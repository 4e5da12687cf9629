package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.Dim;
import java.util.Optional;

/** concat(slice(x), slice(x), …)  →  x, where the slices are all of x in its order. */
public final class JoinSlices implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return node.op() instanceof Op.Concat concat
                ? whole(concat, node, graph).map(Replacement::by)
                : Optional.empty();
    }

    /** What the operands of a concatenation are parts of, when they are all of its parts in order. */
    static Optional<Value> whole(Op.Concat concat, Node node, Rewriting graph) {
        Optional<Value> source = Optional.empty();
        Dim next = Dim.of(0);
        for (Value part : node.inputs()) {
            Optional<Node> slice = graph.producer(part, Op.Slice.class);
            if (slice.isEmpty()) {
                return Optional.empty();
            }
            Op.Slice cut = (Op.Slice) slice.get().op();
            Value whole = slice.get().input(0);
            boolean follows = cut.axis() == concat.axis()
                    && cut.start().equals(next)
                    && source.orElse(whole).equals(whole);
            if (!follows) {
                return Optional.empty();
            }
            next = cut.end();
            source = Optional.of(whole);
        }
        Dim end = next;
        return source.filter(whole -> whole.shape().dim(concat.axis()).equals(end));
    }
}
