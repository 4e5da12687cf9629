package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import java.util.Optional;

/**
 * One column of the last axis.
 *
 * <pre>
 * reshape(slice(x[b, s, n], axis 2, i … i+1)) to [b, s]  →  column(x, i)
 * gather(x[b, s, n], i) along axis 2                     →  column(x, i)
 * </pre>
 */
public final class FuseColumn implements RewriteRule {
    private static final int LAST = 2;

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return switch (node.op()) {
            case Op.Gather gather
            when gather.axis() == LAST
                    && node.input(0).shape().rank() == 3
                    && graph.scalar(node.input(1)).orElse(-1) >= 0
                    && node.input(1).shape().rank() == 0 ->
                Optional.of(Replacement.of(
                        new Op.Column((int) graph.scalar(node.input(1)).getAsDouble()), node.input(0)));
            case Op.Reshape _
            when node.output().shape().rank() == 2 ->
                graph.producer(node.input(0), Op.Slice.class)
                        .filter(slice ->
                                isColumn(slice) && slice.input(0).shape().rank() == 3)
                        .map(slice -> Replacement.of(
                                new Op.Column(
                                        (int) ((Op.Slice) slice.op()).start().value()),
                                slice.input(0)));
            default -> Optional.empty();
        };
    }

    private static boolean isColumn(Node node) {
        Op.Slice slice = (Op.Slice) node.op();
        return slice.axis() == LAST && node.output().shape().last().is(1);
    }
}
