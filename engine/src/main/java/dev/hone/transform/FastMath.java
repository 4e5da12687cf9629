package dev.hone.transform;

import dev.hone.graph.Activation;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Op.UnaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Optional;

/**
 * Approximations of functions; answers change by what is stated here.
 *
 * <pre>
 * erf(x)          →  tanh(2/√π · (x + 0.08943 x³))             within 3.6e-4
 * gelu(x)         →  geluTanh(x)                               within 4.8e-4
 * tanh(x)         →  Lambert's fraction of seventh order       within 1.0e-4; x limited to ±4.97
 * exp(x)          →  Padé's fraction of x/256, to its 256th    within 2e-3 of the value; x limited to ±87
 * </pre>
 *
 * <p>The first is what is known as the tanh approximation of GELU (Hendrycks and Gimpel, 2016). The exponential inside
 * a softmax stays, because that is one operator.
 */
public final class FastMath implements RewriteRule {
    /** Where Lambert's fraction reaches 1. */
    private static final double TANH_LIMIT = 4.97;

    private static final double EXP_LIMIT = 87;
    private static final int EXP_SQUARINGS = 8;

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return switch (node.op()) {
            case Op.Unary unary when node.output().type() == DType.F32 -> unary(unary.function(), node, graph);
            case Op.Activate activate
            when activate.activation() == Activation.GELU ->
                Optional.of(Replacement.of(new Op.Activate(Activation.GELU_TANH), node.input(0)));
            case Op.Linear linear
            when linear.activation() == Activation.GELU ->
                Optional.of(Replacement.of(new Op.Linear(Activation.GELU_TANH, linear.arithmetic()), node.inputs()));
            case Op.Softmax _ -> graph.refuse(node, "the exponential is inside of one operator");
            default -> Optional.empty();
        };
    }

    private static Optional<Replacement> unary(UnaryFunction function, Node node, Rewriting graph) {
        Steps steps = new Steps(node, graph);
        return switch (function) {
            case ERF -> Optional.of(erf(node.input(0), steps));
            case TANH -> Optional.of(tanh(node.input(0), steps));
            case EXP -> Optional.of(exp(node.input(0), steps));
            case NEGATE, ABSOLUTE, SQUARE_ROOT, RECIPROCAL, LOG, SIGMOID, NOT, IS_NAN -> Optional.empty();
        };
    }

    private static Replacement erf(Value x, Steps steps) {
        Value cube = steps.times(steps.times(x, x), x);
        Value sum = steps.plus(x, steps.times(cube, 0.08943));
        return Replacement.of(new Op.Unary(UnaryFunction.TANH), steps.times(sum, 2 / Math.sqrt(Math.PI)));
    }

    /** x (135135 + 17325 x² + 378 x⁴ + x⁶) / (135135 + 62370 x² + 3150 x⁴ + 28 x⁶), by Horner's rule. */
    private static Replacement tanh(Value unlimited, Steps steps) {
        Value x = steps.limited(unlimited, TANH_LIMIT);
        Value square = steps.times(x, x);
        Value upper = steps.plus(steps.times(steps.plus(square, 378), square), 17325);
        Value numerator = steps.times(steps.plus(steps.times(upper, square), 135135), x);
        Value lower = steps.plus(steps.times(steps.plus(steps.times(square, 28), 3150), square), 62370);
        Value denominator = steps.plus(steps.times(lower, square), 135135);
        return Replacement.of(new Op.Binary(BinaryFunction.DIVIDE), numerator, denominator);
    }

    /** ((12 + 6t + t²) / (12 − 6t + t²))²⁵⁶ with t = x/256. */
    private static Replacement exp(Value unlimited, Steps steps) {
        Value t = steps.times(steps.limited(unlimited, EXP_LIMIT), 1.0 / (1 << EXP_SQUARINGS));
        Value even = steps.plus(steps.times(t, t), 12);
        Value odd = steps.times(t, 6);
        Value power = steps.binary(
                BinaryFunction.DIVIDE, steps.plus(even, odd), steps.binary(BinaryFunction.SUBTRACT, even, odd));
        for (int squaring = 1; squaring < EXP_SQUARINGS; squaring++) {
            power = steps.times(power, power);
        }
        return Replacement.of(new Op.Binary(BinaryFunction.MULTIPLY), power, power);
    }

    /** Nodes that stand before one node and are named after it. */
    private record Steps(Node node, Rewriting graph) {
        Value binary(BinaryFunction function, Value left, Value right) {
            return graph.addNode(node.name() + ".fast", new Op.Binary(function), left, right);
        }

        private Value number(double number) {
            return graph.addConstant(node.name() + ".number", Tensor.ofFloats(Shape.SCALAR, (float) number));
        }

        Value times(Value left, Value right) {
            return binary(BinaryFunction.MULTIPLY, left, right);
        }

        Value times(Value left, double right) {
            return times(left, number(right));
        }

        Value plus(Value left, Value right) {
            return binary(BinaryFunction.ADD, left, right);
        }

        Value plus(Value left, double right) {
            return plus(left, number(right));
        }

        Value limited(Value x, double limit) {
            Value above = binary(BinaryFunction.MAXIMUM, x, number(-limit));
            return binary(BinaryFunction.MINIMUM, above, number(limit));
        }
    }
}
