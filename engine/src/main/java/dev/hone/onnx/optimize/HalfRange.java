package dev.hone.onnx.optimize;

import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;

/** What float16 can hold. */
final class HalfRange {
    private static final float LARGEST = 65504;

    /** The least positive number. Scalars and vectors are not rounded to zero, for an epsilon must not vanish. */
    private static final float SMALLEST = 0x1p-24f;

    private HalfRange() {}

    /** Constants in float16: what is beyond its range becomes its largest number. */
    static Tensor narrowed(Tensor tensor) {
        return Tensor.converted(fits(tensor) ? tensor : limited(tensor), DType.F16);
    }

    private static boolean fits(Tensor tensor) {
        if (tensor.rank() == 0) {
            return limited((float) tensor.getDouble(), true) == (float) tensor.getDouble();
        }
        long[] dims = tensor.shape().toArray();
        int width = Math.toIntExact(dims[dims.length - 1]);
        return rowsFit(tensor, dims, width);
    }

    private static boolean rowsFit(Tensor tensor, long[] dims, int width) {
        long[] position = new long[dims.length];
        float[] row = new float[width];
        for (long first = 0; first < tensor.elementCount(); first += width) {
            long rest = first;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                position[axis] = rest % dims[axis];
                rest /= dims[axis];
            }
            tensor.readLine(dims.length - 1, position, row, width);
            if (!fits(row, dims.length == 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(float[] values, boolean vector) {
        for (float value : values) {
            if (limited(value, vector) != value) {
                return false;
            }
        }
        return true;
    }

    private static float limited(float value, boolean vector) {
        if (vector && value != 0 && Math.abs(value) < SMALLEST) {
            return Math.copySign(SMALLEST, value);
        }
        return Float.isFinite(value) ? Math.clamp(value, -LARGEST, LARGEST) : value;
    }

    private static Tensor limited(Tensor tensor) {
        float[] values = tensor.toFloatArray();
        for (int index = 0; index < values.length; index++) {
            values[index] = limited(values[index], tensor.rank() <= 1);
        }
        return Tensor.ofFloats(tensor.shape(), values);
    }
}
