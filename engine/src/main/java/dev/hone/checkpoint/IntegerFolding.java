package dev.hone.checkpoint;

import dev.hone.graph.Op;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Arithmetic on sizes: small integer values whose elements are known while a graph is read. */
final class IntegerFolding {
    private IntegerFolding() {}

    /**
     * An elementwise function of two operands.
     *
     * @param shape the broadcast shape
     */
    static Operand.Integers binary(
            OnnxNode node, Op.BinaryFunction function, Operand.Integers first, Operand.Integers second, Shape shape) {
        int[] left = SmallTensors.broadcastIndices(first.shape(), shape);
        int[] right = SmallTensors.broadcastIndices(second.shape(), shape);
        List<SymbolicInteger> elements = new ArrayList<>();
        for (int index = 0; index < left.length; index++) {
            SymbolicInteger a = first.elements().get(left[index]);
            SymbolicInteger b = second.elements().get(right[index]);
            elements.add(apply(function, a, b)
                    .orElseThrow(() -> node.unsupported(
                            function + " of the sizes " + a + " and " + b + " is known only when the model runs")));
        }
        return new Operand.Integers(isPredicate(function) ? DType.BOOL : first.type(), shape, elements);
    }

    private static boolean isPredicate(Op.BinaryFunction function) {
        return switch (function) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, MAXIMUM, MINIMUM -> false;
            case EQUAL, LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL, AND, OR -> true;
        };
    }

    private static Optional<SymbolicInteger> apply(Op.BinaryFunction function, SymbolicInteger a, SymbolicInteger b) {
        return switch (function) {
            case ADD -> Optional.of(a.plus(b));
            case SUBTRACT -> Optional.of(a.minus(b));
            case MULTIPLY, AND -> Optional.of(a.times(b));
            case DIVIDE -> a.dividedBy(b);
            case POWER -> power(a, b);
            case MAXIMUM -> isAtLeast(a, b).map(larger -> larger ? a : b);
            case MINIMUM -> isAtLeast(a, b).map(larger -> larger ? b : a);
            case EQUAL -> a.minus(b).isZero().map(IntegerFolding::ofTruth);
            case GREATER_OR_EQUAL -> isAtLeast(a, b).map(IntegerFolding::ofTruth);
            case LESS_OR_EQUAL -> isAtLeast(b, a).map(IntegerFolding::ofTruth);
            case GREATER -> isAtLeast(b, a).map(not -> ofTruth(!not));
            case LESS -> isAtLeast(a, b).map(not -> ofTruth(!not));
            case OR -> a.plus(b).isZero().map(neither -> ofTruth(!neither));
        };
    }

    static SymbolicInteger ofTruth(boolean truth) {
        return SymbolicInteger.of(truth ? 1 : 0);
    }

    /** Whether a is b or more: always, never, or empty where that depends. */
    private static Optional<Boolean> isAtLeast(SymbolicInteger a, SymbolicInteger b) {
        if (a.minus(b).isNeverNegative()) {
            return Optional.of(true);
        }
        SymbolicInteger most = a.minus(b);
        return most.most().isPresent() && most.most().getAsLong() < 0 ? Optional.of(false) : Optional.empty();
    }

    private static Optional<SymbolicInteger> power(SymbolicInteger base, SymbolicInteger exponent) {
        long count = exponent.number().orElse(-1);
        if (count < 0 || count > 8) {
            return Optional.empty();
        }
        SymbolicInteger result = SymbolicInteger.of(1);
        for (long step = 0; step < count; step++) {
            result = result.times(base);
        }
        return Optional.of(result);
    }

    /** An elementwise function of one operand; empty where it is no function of integers. */
    static Optional<Operand.Integers> unary(OnnxNode node, Op.UnaryFunction function, Operand.Integers operand) {
        List<SymbolicInteger> elements = new ArrayList<>();
        for (SymbolicInteger element : operand.elements()) {
            Optional<SymbolicInteger> result = switch (function) {
                case NEGATE -> Optional.of(SymbolicInteger.of(0).minus(element));
                case ABSOLUTE -> element.isNeverNegative() ? Optional.of(element) : absolute(node, element);
                case NOT -> Optional.of(ofTruth(isFalse(node, element)));
                case SQUARE_ROOT, RECIPROCAL, EXP, LOG, ERF, TANH, SIGMOID, IS_NAN -> Optional.empty();
            };
            if (result.isEmpty()) {
                return Optional.empty();
            }
            elements.add(result.get());
        }
        return Optional.of(new Operand.Integers(operand.type(), operand.shape(), elements));
    }

    private static Optional<SymbolicInteger> absolute(OnnxNode node, SymbolicInteger element) {
        long number =
                element.number().orElseThrow(() -> node.unsupported("the sign of the size " + element + " varies"));
        return Optional.of(SymbolicInteger.of(Math.absExact(number)));
    }

    static boolean isFalse(OnnxNode node, SymbolicInteger element) {
        return element.isZero()
                .orElseThrow(
                        () -> node.unsupported("whether " + element + " is zero is known only when the model runs"));
    }

    /** A choice of elements by a condition whose elements are known. */
    static Operand.Integers where(OnnxNode node, Shape shape) {
        Operand.Integers condition = node.integers(0);
        Operand.Integers yes = node.integers(1);
        Operand.Integers no = node.integers(2);
        int[] conditionAt = SmallTensors.broadcastIndices(condition.shape(), shape);
        int[] yesAt = SmallTensors.broadcastIndices(yes.shape(), shape);
        int[] noAt = SmallTensors.broadcastIndices(no.shape(), shape);
        List<SymbolicInteger> elements = new ArrayList<>();
        for (int index = 0; index < conditionAt.length; index++) {
            boolean isFalse = isFalse(node, condition.elements().get(conditionAt[index]));
            elements.add(
                    isFalse ? no.elements().get(noAt[index]) : yes.elements().get(yesAt[index]));
        }
        return new Operand.Integers(yes.type(), shape, elements);
    }
}
