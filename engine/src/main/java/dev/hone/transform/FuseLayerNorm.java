package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Op.ReduceFunction;
import dev.hone.graph.Op.UnaryFunction;
import dev.hone.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The normalisation of the last axis written in small operators.
 *
 * <pre>
 * d = x - mean(x)
 * add(mul(div(d, sqrt(mean(d²) + ε)), γ), β)  →  layerNorm(x, γ, β)
 * </pre>
 *
 * The square may be a power or a product, the difference may be computed twice, operands of sums and products may stand in
 * either order.
 */
public final class FuseLayerNorm implements RewriteRule {
    private record Operands(Value constant, Value other) {}

    private record Centred(Value input, Value difference) {}

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        Optional<Operands> shifted = withConstantRow(node, graph, BinaryFunction.ADD);
        Optional<Operands> scaled = shifted.flatMap(sum -> graph.producer(sum.other())
                .flatMap(product -> withConstantRow(product, graph, BinaryFunction.MULTIPLY)));
        Optional<Node> quotient = scaled.flatMap(product -> binary(product.other(), graph, BinaryFunction.DIVIDE));
        Optional<Centred> centred = quotient.flatMap(found -> centred(found.input(0), graph));
        if (centred.isEmpty()) {
            return Optional.empty();
        }
        OptionalDouble epsilon = epsilon(quotient.get().input(1), centred.get().input(), graph);
        if (epsilon.isEmpty()) {
            return graph.refuse(
                    node,
                    "the divisor " + quotient.get().input(1).name() + " is not the root of the variance of "
                            + centred.get().input().name() + " plus a constant");
        }
        return Optional.of(Replacement.of(
                new Op.LayerNorm(Decimals.shortest(epsilon.getAsDouble())),
                centred.get().input(),
                scaled.get().constant(),
                shifted.get().constant()));
    }

    private static Optional<Node> binary(Value value, Rewriting graph, BinaryFunction function) {
        return graph.producer(value, Op.Binary.class).filter(node -> ((Op.Binary) node.op()).function() == function);
    }

    private static Optional<Operands> withConstantRow(Node node, Rewriting graph, BinaryFunction function) {
        if (!(node.op() instanceof Op.Binary binary) || binary.function() != function) {
            return Optional.empty();
        }
        for (int index = 0; index < 2; index++) {
            Value candidate = node.input(index);
            if (graph.isConstant(candidate) && candidate.shape().rank() == 1) {
                return Optional.of(new Operands(candidate, node.input(1 - index)));
            }
        }
        return Optional.empty();
    }

    /** x - mean(x) over the last axis. */
    private static Optional<Centred> centred(Value value, Rewriting graph) {
        return binary(value, graph, BinaryFunction.SUBTRACT)
                .filter(node -> isMeanOf(node.input(1), node.input(0), graph))
                .map(node -> new Centred(node.input(0), value));
    }

    private static boolean isMeanOf(Value mean, Value input, Rewriting graph) {
        return graph.producer(mean, Op.Reduce.class)
                .filter(node -> node.op().equals(meanOfLastAxis(input)))
                .filter(node -> node.input(0).equals(input))
                .isPresent();
    }

    private static Op meanOfLastAxis(Value input) {
        return new Op.Reduce(ReduceFunction.MEAN, List.of(input.shape().rank() - 1), true);
    }

    /** sqrt(mean(d²) + ε) for d = input - mean(input). */
    private static OptionalDouble epsilon(Value root, Value input, Rewriting graph) {
        Optional<Node> sum = graph.producer(root, Op.Unary.class)
                .filter(node -> ((Op.Unary) node.op()).function() == UnaryFunction.SQUARE_ROOT)
                .flatMap(node -> binary(node.input(0), graph, BinaryFunction.ADD));
        if (sum.isEmpty()) {
            return OptionalDouble.empty();
        }
        for (int index = 0; index < 2; index++) {
            OptionalDouble epsilon = graph.scalar(sum.get().input(index));
            if (epsilon.isPresent() && isVariance(sum.get().input(1 - index), input, graph)) {
                return epsilon;
            }
        }
        return OptionalDouble.empty();
    }

    private static boolean isVariance(Value variance, Value input, Rewriting graph) {
        return graph.producer(variance, Op.Reduce.class)
                .filter(node -> node.op().equals(meanOfLastAxis(input)))
                .flatMap(node -> graph.producer(node.input(0), Op.Binary.class))
                .filter(square -> isSquare(square, graph))
                .flatMap(square -> centred(square.input(0), graph))
                .filter(centred -> centred.input().equals(input))
                .isPresent();
    }

    private static boolean isSquare(Node node, Rewriting graph) {
        return switch (((Op.Binary) node.op()).function()) {
            case POWER -> graph.scalar(node.input(1)).orElse(0) == 2;
            case MULTIPLY -> node.input(0).equals(node.input(1));
            case ADD,
                    SUBTRACT,
                    DIVIDE,
                    MAXIMUM,
                    MINIMUM,
                    EQUAL,
                    LESS,
                    GREATER,
                    LESS_OR_EQUAL,
                    GREATER_OR_EQUAL,
                    AND,
                    OR -> false;
        };
    }
}
