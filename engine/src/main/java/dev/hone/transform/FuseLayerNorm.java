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
 * <p>The square may be a power or a product, the difference may be computed twice, the root may be a factor as its
 * reciprocal, before or after γ, operands of sums and products may stand in either order.
 */
public final class FuseLayerNorm implements RewriteRule {
    private record Operands(Value constant, Value other) {}

    private record Centred(Value input, Value difference) {}

    private record Quotient(Value dividend, Value divisor) {}

    private record Scaled(Quotient quotient, Value gamma) {}

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        Optional<Operands> shifted = withConstantRow(node, graph, BinaryFunction.ADD);
        Optional<Scaled> scaled = shifted.flatMap(sum -> binary(sum.other(), graph, BinaryFunction.MULTIPLY))
                .flatMap(product -> scaled(product, graph));
        Optional<Centred> centred =
                scaled.flatMap(found -> centred(found.quotient().dividend(), graph));
        if (centred.isEmpty()) {
            return Optional.empty();
        }
        Value divisor = scaled.get().quotient().divisor();
        OptionalDouble epsilon = epsilon(divisor, centred.get().input(), graph);
        if (epsilon.isEmpty()) {
            return graph.refuse(
                    node,
                    "the divisor " + divisor.name() + " is not the root of the variance of "
                            + centred.get().input().name() + " plus a constant");
        }
        return Optional.of(Replacement.of(
                new Op.LayerNorm(Decimals.shortest(epsilon.getAsDouble())),
                centred.get().input(),
                scaled.get().gamma(),
                shifted.get().constant()));
    }

    /** (a / b) · γ or a · (1/b · γ). */
    private static Optional<Scaled> scaled(Node product, Rewriting graph) {
        Optional<Operands> last = withConstantRow(product, graph, BinaryFunction.MULTIPLY);
        if (last.isPresent()) {
            return quotient(last.get().other(), graph)
                    .map(found -> new Scaled(found, last.get().constant()));
        }
        for (int index = 0; index < 2; index++) {
            Value dividend = product.input(1 - index);
            Optional<Scaled> early = graph.producer(product.input(index))
                    .flatMap(node -> withConstantRow(node, graph, BinaryFunction.MULTIPLY))
                    .flatMap(gain -> inverted(gain.other(), graph)
                            .map(divisor -> new Scaled(new Quotient(dividend, divisor), gain.constant())));
            if (early.isPresent()) {
                return early;
            }
        }
        return Optional.empty();
    }

    /** a / b, or a · (1/b). */
    private static Optional<Quotient> quotient(Value value, Rewriting graph) {
        Optional<Node> division = binary(value, graph, BinaryFunction.DIVIDE);
        if (division.isPresent()) {
            return division.map(node -> new Quotient(node.input(0), node.input(1)));
        }
        Optional<Node> product = binary(value, graph, BinaryFunction.MULTIPLY);
        for (int index = 0; index < 2 && product.isPresent(); index++) {
            Value dividend = product.get().input(1 - index);
            Optional<Quotient> found =
                    inverted(product.get().input(index), graph).map(divisor -> new Quotient(dividend, divisor));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** b of 1/b. */
    private static Optional<Value> inverted(Value value, Rewriting graph) {
        Optional<Value> reciprocal = graph.producer(value, Op.Unary.class)
                .filter(node -> ((Op.Unary) node.op()).function() == UnaryFunction.RECIPROCAL)
                .map(node -> node.input(0));
        return reciprocal.isPresent()
                ? reciprocal
                : binary(value, graph, BinaryFunction.DIVIDE)
                        .filter(node -> graph.scalar(node.input(0)).orElse(0) == 1)
                        .map(node -> node.input(1));
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
