package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Op.ReduceFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.Dim;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One row of a sequence's rows, over the tokens that the mask keeps.
 *
 * <pre>
 * x ────────────────────── multiply ─ reduceSum ─ divide      →   x, mask ─ pool(mean)
 * mask ─ cast ─ expand ─┬──┘                       │
 *                       └─ reduceSum ─ maximum(ε) ─┘
 *
 * mask ─ equal(0) ─ expand ─ where(−∞, x) ─ reduceMaximum     →   x, mask ─ pool(maximum)
 * </pre>
 *
 * <p>The steps between the mask and its use (cast, reshape, expand) may stand in any order. A lower bound of the count
 * up to 1 changes nothing, since a sequence has a token.
 */
public final class FusePooling implements RewriteRule {
    private static final double LOWEST = -1e4;

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return switch (node.op()) {
            case Op.Binary(BinaryFunction function) when function == BinaryFunction.DIVIDE -> mean(node, graph);
            case Op.Reduce reduce when overTokens(node, ReduceFunction.MAXIMUM) -> maximum(node, reduce, graph);
            case Op.Reduce _
            when overTokens(node, ReduceFunction.MEAN) ->
                graph.refuse(node, "the mean over tokens counts padding too: it reads no mask");
            default -> Optional.empty();
        };
    }

    private static Optional<Replacement> mean(Node node, Rewriting graph) {
        Optional<Value> masked = summedTokens(node.input(0), graph);
        Optional<Value> counted = summedTokens(withoutBound(node.input(1), graph), graph);
        if (masked.isEmpty() || counted.isEmpty()) {
            return Optional.empty();
        }
        Optional<Node> product = graph.producer(masked.get(), Op.Binary.class)
                .filter(producer -> producer.op().equals(new Op.Binary(BinaryFunction.MULTIPLY)));
        if (product.isEmpty()) {
            return graph.refuse(node, "the summed rows are not multiplied by a mask");
        }
        Optional<Value> second = mask(product.get().input(1), graph);
        Value x = product.get().input(second.isPresent() ? 0 : 1);
        Optional<Value> mask = second.isPresent() ? second : mask(product.get().input(0), graph);
        if (mask.isEmpty()) {
            return graph.refuse(node, "neither factor of the summed rows is a mask that is an input");
        }
        if (!mask(counted.get(), graph).equals(mask)) {
            return graph.refuse(
                    node, "the rows are not divided by the sum of " + mask.get().name());
        }
        if (boundOf(node.input(1), graph) > 1) {
            return graph.refuse(node, "the count of tokens has a lower bound above 1, or one that is no constant");
        }
        return pool(node, x, mask.get(), Op.Pooling.MEAN);
    }

    private static Optional<Replacement> maximum(Node node, Op.Reduce reduce, Rewriting graph) {
        Optional<Node> choice = graph.producer(node.input(0), Op.Where.class);
        if (choice.isEmpty()) {
            return graph.refuse(node, "the maximum over tokens counts padding too: it reads no mask");
        }
        Optional<Value> padding = paddingOf(choice.get().input(0), graph);
        OptionalDouble lowest = graph.scalar(withoutShape(choice.get().input(1), graph));
        if (padding.isEmpty() || lowest.isEmpty() || lowest.getAsDouble() > LOWEST) {
            return graph.refuse(node, "the rows are not chosen as (mask = 0, at most " + LOWEST + ", row)");
        }
        if (reduce.keepAxes()) {
            return graph.refuse(node, "the axis of the tokens stays");
        }
        return pool(node, choice.get().input(2), padding.get(), Op.Pooling.MAX);
    }

    private static Optional<Replacement> pool(Node node, Value x, Value mask, Op.Pooling pooling) {
        boolean fits = x.shape().rank() == 3
                && mask.shape().dims().equals(x.shape().dims().subList(0, 2))
                && node.output().shape().rank() == 2;
        return fits ? Optional.of(Replacement.of(new Op.Pool(pooling), x, mask)) : Optional.empty();
    }

    /** What a sum over tokens sums. */
    private static Optional<Value> summedTokens(Value value, Rewriting graph) {
        return graph.producer(withoutShape(value, graph), Op.Reduce.class)
                .filter(node -> overTokens(node, ReduceFunction.SUM))
                .map(node -> node.input(0));
    }

    private static boolean overTokens(Node node, ReduceFunction function) {
        return node.op() instanceof Op.Reduce reduce
                && reduce.function() == function
                && reduce.axes().equals(List.of(1));
    }

    private static Optional<Node> bound(Value value, Rewriting graph) {
        return graph.producer(withoutShape(value, graph), Op.Binary.class)
                .filter(node -> node.op().equals(new Op.Binary(BinaryFunction.MAXIMUM)));
    }

    private static Value withoutBound(Value value, Rewriting graph) {
        return bound(value, graph)
                .map(node -> node.input(graph.isConstant(node.input(0)) ? 1 : 0))
                .orElse(value);
    }

    private static double boundOf(Value value, Rewriting graph) {
        return bound(value, graph)
                .map(node -> node.input(graph.isConstant(node.input(0)) ? 0 : 1))
                .map(least -> graph.scalar(least).orElse(Double.POSITIVE_INFINITY))
                .orElse(0.0);
    }

    /** The mask [batch, sequence] of which a value is a copy in another type, with axes after these two. */
    private static Optional<Value> mask(Value value, Rewriting graph) {
        if (graph.isInput(value)) {
            return value.shape().rank() == 2 ? Optional.of(value) : Optional.empty();
        }
        return beforeTokenwise(value, graph).flatMap(before -> mask(before, graph));
    }

    /** What a value is a copy of, with the two first axes where they are. */
    private static Optional<Value> beforeTokenwise(Value value, Rewriting graph) {
        return graph.producer(value)
                .filter(node -> keepsElements(node, value))
                .map(node -> node.input(0))
                .filter(before -> tokenAxes(before).equals(tokenAxes(value)));
    }

    private static List<Dim> tokenAxes(Value value) {
        return value.shape().dims().subList(0, Math.min(2, value.shape().rank()));
    }

    /** The mask of which a condition says where it is zero. */
    private static Optional<Value> paddingOf(Value condition, Rewriting graph) {
        Optional<Value> before = beforeTokenwise(condition, graph);
        if (before.isPresent()) {
            return paddingOf(before.get(), graph);
        }
        return graph.producer(condition)
                .filter(node -> saysWhereZero(node, graph))
                .flatMap(node -> mask(node.input(0), graph));
    }

    private static boolean saysWhereZero(Node node, Rewriting graph) {
        return node.op().equals(new Op.Unary(Op.UnaryFunction.NOT))
                || (node.op().equals(new Op.Binary(BinaryFunction.EQUAL))
                        && graph.scalar(node.input(1)).equals(OptionalDouble.of(0)));
    }

    /** The value before casts, expansions and reshapes that only add or remove axes of extent 1. */
    private static Value withoutShape(Value value, Rewriting graph) {
        Value current = value;
        while (true) {
            Value shaped = current;
            Optional<Value> before = graph.producer(shaped)
                    .filter(node -> keepsElements(node, shaped))
                    .map(node -> node.input(0));
            if (before.isEmpty()) {
                return current;
            }
            current = before.get();
        }
    }

    private static boolean keepsElements(Node node, Value output) {
        return switch (node.op()) {
            case Op.Cast _, Op.Expand _ -> true;
            case Op.Reshape _ -> withoutOnes(node.input(0)).equals(withoutOnes(output));
            default -> false;
        };
    }

    private static List<Dim> withoutOnes(Value value) {
        return value.shape().dims().stream().filter(dim -> !dim.is(1)).toList();
    }
}
