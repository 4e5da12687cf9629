package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.Shape;
import java.util.Optional;

/**
 * Scores of attention and the mask that is applied to them.
 *
 * @param scores what they are before the mask
 * @param mask the input [b, s] that says which keys are tokens; empty when nothing that was recognised masks them
 */
record MaskedScores(Value scores, Optional<Value> mask) {
    /** What removes a key from a softmax of scores of any ordinary size. */
    private static final double REMOVES = -9000;

    static MaskedScores of(Value masked, Rewriting graph) {
        Optional<Node> node = graph.producer(masked);
        if (node.isEmpty()) {
            return new MaskedScores(masked, Optional.empty());
        }
        return switch (node.get().op()) {
            case Op.Binary binary when binary.function() == Op.BinaryFunction.ADD -> added(node.get(), graph);
            case Op.Where _ -> chosen(node.get(), graph);
            default -> new MaskedScores(masked, Optional.empty());
        };
    }

    private static MaskedScores added(Node node, Rewriting graph) {
        for (int index = 0; index < 2; index++) {
            Value bias = node.input(1 - index);
            Optional<Value> mask = maskBelow(bias, graph)
                    .filter(leaf -> at(bias, leaf, 1, graph) == 0 && at(bias, leaf, 0, graph) <= REMOVES);
            if (mask.isPresent()) {
                return new MaskedScores(node.input(index), mask);
            }
        }
        return new MaskedScores(node.output(), Optional.empty());
    }

    private static MaskedScores chosen(Node node, Rewriting graph) {
        Value condition = node.input(0);
        Optional<Value> mask = maskBelow(condition, graph);
        for (int index = 1; index <= 2 && mask.isPresent(); index++) {
            double instead = graph.scalar(node.input(3 - index)).orElse(0);
            boolean keepsTokens = index == 1;
            double forToken = at(condition, mask.get(), 1, graph);
            double forPadding = at(condition, mask.get(), 0, graph);
            boolean fits = keepsTokens ? forToken != 0 && forPadding == 0 : forToken == 0 && forPadding != 0;
            if (instead <= REMOVES && fits) {
                return new MaskedScores(node.input(index), mask);
            }
        }
        return new MaskedScores(node.output(), Optional.empty());
    }

    private static double at(Value value, Value leaf, double argument, Rewriting graph) {
        return ScalarFunction.throughShapes(graph).at(value, leaf, argument);
    }

    /** The input [b, s] that a mask is a function of, when its elements end at the keys' axis of [b, h, q, k]. */
    private static Optional<Value> maskBelow(Value value, Rewriting graph) {
        return ScalarFunction.throughShapes(graph)
                .leaf(value)
                .filter(leaf -> graph.isInput(leaf) && leaf.shape().rank() == 2)
                .filter(leaf -> value.shape().rank() == 4)
                .filter(leaf -> reachesKeys(value, leaf, graph));
    }

    /** Whether every way down keeps the batch first and the keys last, with only axes of one element between them. */
    private static boolean reachesKeys(Value value, Value leaf, Rewriting graph) {
        if (value.equals(leaf) || graph.scalar(value).isPresent()) {
            return true;
        }
        Node node = graph.producer(value).orElseThrow();
        boolean keepsPlaces = switch (node.op()) {
            case Op.Reshape _ -> isRow(node.input(0).shape(), leaf) && isRow(value.shape(), leaf);
            case Op.Expand _ -> isRow(node.input(0).shape(), leaf) && endsWithKeys(value.shape(), leaf);
            default ->
                node.inputs().stream()
                        .allMatch(input -> graph.scalar(input).isPresent()
                                || input.shape().rank() == value.shape().rank());
        };
        return keepsPlaces && node.inputs().stream().allMatch(input -> reachesKeys(input, leaf, graph));
    }

    /** [b, 1, …, 1, s]. */
    private static boolean isRow(Shape shape, Value leaf) {
        int rank = shape.rank();
        return rank >= 2
                && endsWithKeys(shape, leaf)
                && shape.dims().subList(1, rank - 1).stream().allMatch(dim -> dim.is(1));
    }

    private static boolean endsWithKeys(Shape shape, Value leaf) {
        return shape.rank() >= 2
                && shape.dim(0).equals(leaf.shape().dim(0))
                && shape.last().equals(leaf.shape().last());
    }
}
