package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Type and shape of a tensor whose elements are elsewhere, in a form that only their user knows. */
final class AbsentTensor implements Tensor {
    private final DType type;
    private final Shape shape;

    AbsentTensor(DType type, Shape shape) {
        this.type = type;
        this.shape = shape;
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public double getDouble(long... position) {
        throw absent();
    }

    @Override
    public long getLong(long... position) {
        throw absent();
    }

    @Override
    public void readLine(int axis, long[] start, float[] destination, int count) {
        throw absent();
    }

    private IllegalStateException absent() {
        return new IllegalStateException("the elements of " + type.text() + shape + " are not here");
    }

    @Override
    public int fastAxis() {
        return rank() - 1;
    }

    @Override
    public Optional<MemorySegment> rowMajorMemory() {
        return Optional.empty();
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        throw absent();
    }
}
