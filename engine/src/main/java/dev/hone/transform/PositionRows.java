package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.PositionScheme;
import dev.hone.graph.Value;
import dev.hone.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalDouble;

/** Recognises how exports compute the rows of the position table. */
final class PositionRows {
    private PositionRows() {}

    /** The scheme that a value of positions follows; empty for anything else. */
    static Optional<PositionScheme> of(Value positions, Rewriting graph) {
        Optional<Node> producer = graph.producer(positions);
        if (producer.isEmpty()) {
            return Optional.empty();
        }
        Node node = producer.get();
        return switch (node.op()) {
            case Op.Range _ -> Optional.of(PositionScheme.ABSOLUTE);
            case Op.Reshape _, Op.Expand _, Op.Cast _ -> of(node.input(0), graph);
            case Op.Slice slice -> numbersFrom(slice, node, graph);
            case Op.Binary binary when binary.function() == BinaryFunction.ADD -> shifted(node, graph);
            default -> Optional.empty();
        };
    }

    /** A slice of the constant 0 1 2 …. */
    private static Optional<PositionScheme> numbersFrom(Op.Slice slice, Node node, Rewriting graph) {
        Optional<Tensor> tensor = graph.constant(node.input(0));
        if (tensor.isEmpty() || tensor.get().type().isFloat()) {
            return Optional.empty();
        }
        long[] numbers = tensor.get().toLongArray();
        for (int index = 0; index < numbers.length; index++) {
            if (numbers[index] != numbers[0] + index) {
                return Optional.empty();
            }
        }
        boolean alongLast = slice.axis() == node.output().shape().rank() - 1 && numbers.length > 0;
        long offset = alongLast ? numbers[0] + slice.start().value() : -1;
        return offset < 0 || offset > Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.of(new PositionScheme((int) offset, -1));
    }

    /** A number added to positions, or RoBERTa's count of tokens that are no padding, plus the padding's id. */
    private static Optional<PositionScheme> shifted(Node node, Rewriting graph) {
        for (int index = 0; index < 2; index++) {
            OptionalDouble number = graph.scalar(node.input(index));
            if (number.isPresent()) {
                int offset = (int) number.getAsDouble();
                Value rest = node.input(1 - index);
                Optional<PositionScheme> counted = countedTokens(rest, graph)
                        .filter(padding -> padding == offset)
                        .map(PositionScheme::skipping);
                return counted.isPresent()
                        ? counted
                        : of(rest, graph)
                                .filter(scheme -> scheme.skippedId() < 0)
                                .map(scheme -> new PositionScheme(scheme.offset() + offset, -1));
            }
        }
        return Optional.empty();
    }

    /** cumulativeSum(m) · m for m = (ids ≠ padding): the padding id. */
    private static Optional<Integer> countedTokens(Value value, Rewriting graph) {
        Value product = stripCasts(value, graph);
        Optional<Node> multiply = graph.producer(product, Op.Binary.class)
                .filter(node -> ((Op.Binary) node.op()).function() == BinaryFunction.MULTIPLY);
        if (multiply.isEmpty()) {
            return Optional.empty();
        }
        for (int index = 0; index < 2; index++) {
            Value counted = multiply.get().input(1 - index);
            Optional<Node> sum = graph.producer(stripZero(multiply.get().input(index), graph), Op.CumulativeSum.class)
                    .filter(node -> ((Op.CumulativeSum) node.op()).axis() == 1)
                    .filter(node -> stripCasts(node.input(0), graph).equals(stripCasts(counted, graph)));
            if (sum.isPresent()) {
                return paddingOf(stripCasts(counted, graph), graph);
            }
        }
        return Optional.empty();
    }

    private static Optional<Integer> paddingOf(Value mask, Rewriting graph) {
        ScalarFunction function = ScalarFunction.throughShapes(graph);
        Optional<Value> ids = function.leaf(mask).filter(graph::isInput);
        for (int padding = 0; padding < 4 && ids.isPresent(); padding++) {
            if (function.at(mask, ids.get(), padding) == 0 && function.at(mask, ids.get(), padding + 1) != 0) {
                return Optional.of(padding);
            }
        }
        return Optional.empty();
    }

    private static Value stripCasts(Value value, Rewriting graph) {
        Optional<Node> cast = graph.producer(value, Op.Cast.class);
        return cast.isPresent() ? stripCasts(cast.get().input(0), graph) : value;
    }

    /** x + 0, where exports add the number of earlier tokens. */
    private static Value stripZero(Value value, Rewriting graph) {
        Value bare = stripCasts(value, graph);
        return graph.producer(bare, Op.Binary.class)
                .filter(node -> ((Op.Binary) node.op()).function() == BinaryFunction.ADD)
                .filter(node -> graph.scalar(node.input(1)).orElse(1) == 0)
                .map(node -> stripCasts(node.input(0), graph))
                .orElse(bare);
    }
}
