package dev.hone.reference;

import dev.hone.graph.Activation;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Op.UnaryFunction;
import dev.hone.tensor.DType;

/** Operators whose results each depend on one element of each operand. */
final class Elementwise {
    private Elementwise() {}

    static Numbers binary(BinaryFunction function, Numbers first, Numbers second, Numbers result) {
        Numbers left = first.broadcastTo(result.dims());
        Numbers right = second.broadcastTo(result.dims());
        for (int index = 0; index < result.count(); index++) {
            if (!left.type().isFloat()) {
                result.setInteger(index, Functions.binary(function, left.integer(index), right.integer(index)));
            } else {
                store(result, index, Functions.binary(function, left.get(index), right.get(index)));
            }
        }
        return result;
    }

    static Numbers unary(UnaryFunction function, Numbers operand, Numbers result) {
        for (int index = 0; index < result.count(); index++) {
            if (!operand.type().isFloat()) {
                result.setInteger(index, Functions.unary(function, operand.integer(index)));
            } else {
                store(result, index, Functions.unary(function, operand.get(index)));
            }
        }
        return result;
    }

    static Numbers activate(Activation activation, Numbers operand, Numbers result) {
        for (int index = 0; index < result.count(); index++) {
            result.set(index, Functions.activate(activation, operand.get(index)));
        }
        return result;
    }

    static Numbers where(Numbers condition, Numbers yes, Numbers no, Numbers result) {
        Numbers chosen = condition.broadcastTo(result.dims());
        Numbers left = yes.broadcastTo(result.dims());
        Numbers right = no.broadcastTo(result.dims());
        for (int index = 0; index < result.count(); index++) {
            Numbers source = chosen.get(index) != 0 ? left : right;
            if (result.type().isFloat()) {
                result.set(index, source.get(index));
            } else {
                result.setInteger(index, source.integer(index));
            }
        }
        return result;
    }

    static Numbers cast(Numbers operand, Numbers result) {
        for (int index = 0; index < result.count(); index++) {
            if (result.type().isFloat()) {
                result.set(index, operand.get(index));
            } else {
                result.setInteger(index, integer(operand, index, result.type()));
            }
        }
        return result;
    }

    private static long integer(Numbers operand, int index, DType type) {
        if (type == DType.BOOL) {
            return operand.get(index) != 0 ? 1 : 0;
        }
        long value = operand.type().isFloat() ? (long) operand.get(index) : operand.integer(index);
        return switch (type) {
            case I32 -> (int) value;
            case I16 -> (short) value;
            case I8 -> (byte) value;
            case U8 -> value & 0xff;
            case F64, F32, F16, BF16, I64, BOOL -> value;
        };
    }

    private static void store(Numbers result, int index, double value) {
        if (result.type().isFloat()) {
            result.set(index, value);
        } else {
            result.setInteger(index, (long) value);
        }
    }
}
