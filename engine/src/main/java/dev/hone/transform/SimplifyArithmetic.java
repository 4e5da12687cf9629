package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Op.UnaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes arithmetic and moves that change nothing.
 *
 * <pre>
 * x + 0, 0 + x, x − 0, x · 1, 1 · x, x / 1   →  x                     where x has the result's shape
 * −(−x), not(not(x))                         →  x
 * transpose(transpose(x))                    →  transpose(x), or x where the two cancel
 * cast(cast(x)) from bool to i64 to bool     →  x
 * concat(x)                                  →  x
 * concat(slice(x), slice(x), …)              →  x                     where the slices are x, in order
 * </pre>
 */
public final class SimplifyArithmetic implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return switch (node.op()) {
            case Op.Binary binary -> binary(binary.function(), node, graph);
            case Op.Unary unary
            when unary.function() == UnaryFunction.NEGATE || unary.function() == UnaryFunction.NOT ->
                graph.producer(node.input(0), Op.Unary.class)
                        .filter(inner -> inner.op().equals(node.op()))
                        .map(inner -> Replacement.by(inner.input(0)));
            case Op.Transpose outer ->
                graph.producer(node.input(0), Op.Transpose.class).map(inner -> both(outer, inner));
            case Op.Cast cast
            when cast.to() == DType.BOOL ->
                graph.producer(node.input(0), Op.Cast.class)
                        .filter(inner -> node.input(0).type() == DType.I64
                                && inner.input(0).type() == DType.BOOL)
                        .map(inner -> Replacement.by(inner.input(0)));
            case Op.Concat _ when node.inputs().size() == 1 -> Optional.of(Replacement.by(node.input(0)));
            case Op.Concat concat -> joinedAgain(concat, node, graph);
            default -> Optional.empty();
        };
    }

    private static Optional<Replacement> binary(BinaryFunction function, Node node, Rewriting graph) {
        return switch (function) {
            case ADD -> neutral(node, 0, 0, graph).or(() -> neutral(node, 1, 0, graph));
            case MULTIPLY -> neutral(node, 0, 1, graph).or(() -> neutral(node, 1, 1, graph));
            case SUBTRACT -> neutral(node, 1, 0, graph);
            case DIVIDE -> neutral(node, 1, 1, graph);
            case POWER, MAXIMUM, MINIMUM, EQUAL, LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL, AND, OR ->
                Optional.empty();
        };
    }

    /** The other operand, where the operand at an index is the given number. */
    private static Optional<Replacement> neutral(Node node, int index, double number, Rewriting graph) {
        Value other = node.input(1 - index);
        boolean isNeutral = graph.scalar(node.input(index)).orElse(Double.NaN) == number;
        if (isNeutral && !other.shape().equals(node.output().shape())) {
            return graph.refuse(node, "its operand " + other.name() + " does not have the shape of its result");
        }
        return isNeutral ? Optional.of(Replacement.by(other)) : Optional.empty();
    }

    private static Replacement both(Op.Transpose outer, Node inner) {
        List<Integer> first = ((Op.Transpose) inner.op()).permutation();
        List<Integer> combined = new ArrayList<>();
        outer.permutation().forEach(axis -> combined.add(first.get(axis)));
        boolean cancels = combined.stream().sorted().toList().equals(combined);
        return cancels ? Replacement.by(inner.input(0)) : Replacement.of(new Op.Transpose(combined), inner.input(0));
    }

    private static Optional<Replacement> joinedAgain(Op.Concat concat, Node node, Rewriting graph) {
        return JoinSlices.whole(concat, node, graph).map(Replacement::by);
    }
}
