package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import java.util.Optional;

/**
 * The first row of each sequence.
 *
 * <pre>
 * gather(x[b, s, h], 0) along axis 1            →  firstToken(x)
 * reshape(slice(x, axis 1, 0 … 1)) to [b, h]    →  firstToken(x)
 * </pre>
 */
public final class FuseFirstToken implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return source(node, graph)
                .filter(value ->
                        value.shape().rank() == 3 && node.output().shape().rank() == 2)
                .map(value -> Replacement.of(new Op.FirstToken(), value));
    }

    private static Optional<Value> source(Node node, Rewriting graph) {
        return switch (node.op()) {
            case Op.Gather gather
            when gather.axis() == 1 && graph.scalar(node.input(1)).orElse(-1) == 0 -> Optional.of(node.input(0));
            case Op.Reshape _ ->
                graph.producer(node.input(0), Op.Slice.class)
                        .filter(slice -> isFirst((Op.Slice) slice.op()))
                        .map(slice -> slice.input(0));
            default -> Optional.empty();
        };
    }

    private static boolean isFirst(Op.Slice slice) {
        return slice.axis() == 1 && slice.start().is(0) && slice.end().is(1);
    }
}
