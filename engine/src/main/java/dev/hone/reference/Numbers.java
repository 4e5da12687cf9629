package dev.hone.reference;

import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Arrays;

/** A value while a graph runs, row-major: floats of every type as f32, integers and booleans as 64-bit integers. */
final class Numbers {
    private static final float[] NO_FLOATS = {};
    private static final long[] NO_INTEGERS = {};

    private final DType type;
    private final int[] dims;
    private final float[] floats;
    private final long[] integers;

    private Numbers(DType type, int[] dims, float[] floats, long[] integers) {
        this.type = type;
        this.dims = dims;
        this.floats = floats;
        this.integers = integers;
    }

    static Numbers zeros(DType type, int... dims) {
        int count = count(dims);
        return type.isFloat()
                ? new Numbers(type, dims, new float[count], NO_INTEGERS)
                : new Numbers(type, dims, NO_FLOATS, new long[count]);
    }

    static Numbers of(Tensor tensor) {
        int[] dims = Arrays.stream(tensor.shape().toArray())
                .mapToInt(Math::toIntExact)
                .toArray();
        return tensor.type().isFloat()
                ? new Numbers(
                        tensor.type(), dims, Tensor.converted(tensor, DType.F32).toFloatArray(), NO_INTEGERS)
                : new Numbers(tensor.type(), dims, NO_FLOATS, tensor.toLongArray());
    }

    static int count(int... dims) {
        int count = 1;
        for (int dim : dims) {
            count = Math.multiplyExact(count, dim);
        }
        return count;
    }

    DType type() {
        return type;
    }

    int[] dims() {
        return dims;
    }

    int dim(int axis) {
        return dims[axis < 0 ? axis + dims.length : axis];
    }

    int count() {
        return type.isFloat() ? floats.length : integers.length;
    }

    double get(int index) {
        return type.isFloat() ? floats[index] : integers[index];
    }

    long integer(int index) {
        return integers[index];
    }

    /** Rounds a result to f32. */
    void set(int index, double value) {
        floats[index] = (float) value;
    }

    void setInteger(int index, long value) {
        integers[index] = value;
    }

    /** The same elements under another shape. */
    Numbers reshaped(int... target) {
        return new Numbers(type, target, floats, integers);
    }

    /** A new array whose element {@code i} is this array's element {@code sources[i]}. */
    Numbers pick(int[] target, int[] sources) {
        Numbers picked = zeros(type, target);
        for (int index = 0; index < sources.length; index++) {
            if (type.isFloat()) {
                picked.floats[index] = floats[sources[index]];
            } else {
                picked.integers[index] = integers[sources[index]];
            }
        }
        return picked;
    }

    /** Repeats axes of extent 1 as NumPy does. */
    Numbers broadcastTo(int... target) {
        return Arrays.equals(dims, target) ? this : pick(target, Places.broadcast(dims, target));
    }

    /** Floats as f32, integers and booleans as i64. */
    Tensor toTensor() {
        Shape shape = Shape.of(Arrays.stream(dims).asLongStream().toArray());
        return type.isFloat() ? Tensor.ofFloats(shape, floats) : Tensor.ofLongs(shape, integers);
    }
}
