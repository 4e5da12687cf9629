package dev.hone.checkpoint;

import dev.hone.graph.Op;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Optional;

/** Arithmetic on small float constants, each step rounded to f32 as the graph would. */
final class FloatFolding {
    private FloatFolding() {}

    static boolean folds(Operand operand) {
        return operand instanceof Operand.Constant(Tensor tensor)
                && tensor.type() == DType.F32
                && SmallTensors.isSmall(tensor);
    }

    /** An elementwise function of two constants; empty for functions that do not give floats. */
    static Optional<Tensor> binary(Op.BinaryFunction function, Tensor first, Tensor second, Shape shape) {
        boolean arithmetic = switch (function) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, MAXIMUM, MINIMUM -> true;
            case EQUAL, LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL, AND, OR -> false;
        };
        if (!arithmetic) {
            return Optional.empty();
        }
        float[] left = first.toFloatArray();
        float[] right = second.toFloatArray();
        int[] leftAt = SmallTensors.broadcastIndices(first.shape(), shape);
        int[] rightAt = SmallTensors.broadcastIndices(second.shape(), shape);
        float[] result = new float[leftAt.length];
        for (int index = 0; index < result.length; index++) {
            result[index] = apply(function, left[leftAt[index]], right[rightAt[index]]);
        }
        return Optional.of(Tensor.ofFloats(shape, result));
    }

    private static float apply(Op.BinaryFunction function, float a, float b) {
        return switch (function) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case POWER -> (float) Math.pow(a, b);
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case EQUAL, LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL, AND, OR ->
                throw new IllegalStateException(function + " gives no float");
        };
    }

    /** An elementwise function of one constant; empty for functions that do not give floats. */
    static Optional<Tensor> unary(Op.UnaryFunction function, Tensor operand) {
        float[] elements = operand.toFloatArray();
        for (int index = 0; index < elements.length; index++) {
            Optional<Double> result = apply(function, elements[index]);
            if (result.isEmpty()) {
                return Optional.empty();
            }
            elements[index] = result.get().floatValue();
        }
        return Optional.of(Tensor.ofFloats(operand.shape(), elements));
    }

    private static Optional<Double> apply(Op.UnaryFunction function, double x) {
        return switch (function) {
            case NEGATE -> Optional.of(-x);
            case ABSOLUTE -> Optional.of(Math.abs(x));
            case SQUARE_ROOT -> Optional.of(Math.sqrt(x));
            case RECIPROCAL -> Optional.of(1 / x);
            case EXP -> Optional.of(Math.exp(x));
            case LOG -> Optional.of(Math.log(x));
            case TANH, ERF, SIGMOID, NOT, IS_NAN -> Optional.empty();
        };
    }
}
