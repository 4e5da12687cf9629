package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Removes what changes nothing.
 *
 * <pre>
 * reshape(x), expand(x), cast(x) to what x is  →  x
 * transpose(x) by 0 1 2 …                      →  x
 * slice(x) from 0 to the end                   →  x
 * reshape(reshape(x))                          →  reshape(x)
 * </pre>
 */
public final class SimplifyShapes implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return switch (node.op()) {
            case Op.Reshape _, Op.Expand _, Op.Cast _
            when node.output().valueType().equals(node.input(0).valueType()) ->
                Optional.of(Replacement.by(node.input(0)));
            case Op.Transpose transpose when isIdentity(transpose) -> Optional.of(Replacement.by(node.input(0)));
            case Op.Slice slice
            when slice.start().is(0) && slice.end().equals(node.input(0).shape().dim(slice.axis())) ->
                Optional.of(Replacement.by(node.input(0)));
            case Op.Reshape reshape ->
                graph.producer(node.input(0), Op.Reshape.class).map(inner -> Replacement.of(reshape, inner.input(0)));
            default -> Optional.empty();
        };
    }

    private static boolean isIdentity(Op.Transpose transpose) {
        return IntStream.range(0, transpose.permutation().size())
                .allMatch(axis -> transpose.permutation().get(axis) == axis);
    }
}
