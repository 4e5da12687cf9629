package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.Dim;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rows divided by their Euclidean length.
 *
 * <pre>
 * x ─┬────────────────────────────────┬─ divide      →   x ─ normalize(epsilon)
 *    └ reduceL2 ─ maximum(ε) ─ expand ┘
 * </pre>
 *
 * <p>The length may also be the square root of the sum of {@code x·x} or {@code x²}; without a maximum, epsilon is 0.
 */
public final class FuseNormalize implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!(node.op() instanceof Op.Binary(Op.BinaryFunction function)) || function != Op.BinaryFunction.DIVIDE) {
            return Optional.empty();
        }
        Value x = node.input(0);
        Value column = withoutExpansion(node.input(1), graph);
        Value divisor = withoutRepetition(column, graph);
        Optional<Bounded> bounded = bounded(divisor, graph);
        Value length = bounded.map(Bounded::value).orElse(divisor);
        Optional<Value> measured = rowsMeasuredBy(withoutRepetition(length, graph), graph);
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        if (!measured.get().equals(x)) {
            return graph.refuse(
                    node,
                    x.name() + " is divided by the length of " + measured.get().name());
        }
        if (!column.shape().equals(x.shape().with(-1, Dim.of(1)))) {
            return graph.refuse(node, "the divisor " + column + " does not hold one number for each row of " + x);
        }
        OptionalDouble epsilon = bounded.map(Bounded::least).orElse(OptionalDouble.of(0));
        if (epsilon.isEmpty() || epsilon.getAsDouble() < 0) {
            return graph.refuse(node, "the least length is no constant of at least 0");
        }
        return Optional.of(Replacement.of(new Op.Normalize(Decimals.shortest(epsilon.getAsDouble())), x));
    }

    /** A value with a lower bound, which is empty where it is no constant. */
    private record Bounded(Value value, OptionalDouble least) {}

    private static Optional<Bounded> bounded(Value value, Rewriting graph) {
        return graph.producer(value, Op.Binary.class)
                .filter(node -> node.op().equals(new Op.Binary(Op.BinaryFunction.MAXIMUM)))
                .map(node -> graph.isConstant(node.input(0))
                        ? new Bounded(node.input(1), graph.scalar(node.input(0)))
                        : new Bounded(node.input(0), graph.scalar(node.input(1))));
    }

    private static Optional<Value> rowsMeasuredBy(Value length, Rewriting graph) {
        Optional<Value> direct = reducedRows(length, Op.ReduceFunction.L2, graph);
        if (direct.isPresent()) {
            return direct;
        }
        return graph.producer(length, Op.Unary.class)
                .filter(node -> node.op().equals(new Op.Unary(Op.UnaryFunction.SQUARE_ROOT)))
                .flatMap(node -> reducedRows(node.input(0), Op.ReduceFunction.SUM, graph))
                .flatMap(squares -> squared(squares, graph));
    }

    private static Optional<Value> reducedRows(Value value, Op.ReduceFunction function, Rewriting graph) {
        return graph.producer(value, Op.Reduce.class)
                .filter(node -> node.op() instanceof Op.Reduce reduce
                        && reduce.function() == function
                        && reduce.axes().equals(List.of(node.input(0).shape().rank() - 1)))
                .map(node -> node.input(0));
    }

    private static Optional<Value> squared(Value value, Rewriting graph) {
        return graph.producer(value, Op.Binary.class)
                .filter(node -> switch (((Op.Binary) node.op()).function()) {
                    case MULTIPLY -> node.input(0).equals(node.input(1));
                    case POWER -> graph.scalar(node.input(1)).equals(OptionalDouble.of(2));
                    case ADD, SUBTRACT, DIVIDE, MAXIMUM, MINIMUM -> false;
                    case EQUAL, LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL, AND, OR -> false;
                })
                .map(node -> node.input(0));
    }

    private static Value withoutExpansion(Value value, Rewriting graph) {
        return graph.producer(value, Op.Expand.class)
                .map(expand -> expand.input(0))
                .orElse(value);
    }

    /** The value before an expansion to the row's width, and before the reshape that gives it an axis of one. */
    private static Value withoutRepetition(Value value, Rewriting graph) {
        Value narrow = withoutExpansion(value, graph);
        return graph.producer(narrow, Op.Reshape.class)
                .map(node -> node.input(0))
                .filter(before -> narrow.shape().rank() == before.shape().rank() + 1
                        && narrow.shape().last().is(1))
                .orElse(narrow);
    }
}
