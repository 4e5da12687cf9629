package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/** A part of another tensor along one axis, without a copy. */
final class SlicedTensor implements Tensor {
    private final Tensor source;
    private final int axis;
    private final long start;
    private final Shape shape;

    private SlicedTensor(Tensor source, int axis, long start, Shape shape) {
        this.source = source;
        this.axis = axis;
        this.start = start;
        this.shape = shape;
    }

    static SlicedTensor of(Tensor source, int axis, long start, long end) {
        Objects.checkIndex(axis, source.rank());
        Objects.checkFromToIndex(start, end, source.shape().dim(axis).value());
        return new SlicedTensor(source, axis, start, source.shape().with(axis, Dim.of(end - start)));
    }

    @Override
    public DType type() {
        return source.type();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    private long[] inSource(long[] position) {
        long[] moved = position.clone();
        moved[axis] = start + Objects.checkIndex(position[axis], shape.dim(axis).value());
        return moved;
    }

    @Override
    public double getDouble(long... position) {
        return source.getDouble(inSource(position));
    }

    @Override
    public long getLong(long... position) {
        return source.getLong(inSource(position));
    }

    @Override
    public void readLine(int lineAxis, long[] first, float[] destination, int count) {
        if (count == 0) {
            return;
        }
        Objects.checkFromIndexSize(first[lineAxis], count, shape.dim(lineAxis).value());
        source.readLine(lineAxis, inSource(first), destination, count);
    }

    @Override
    public int fastAxis() {
        return source.fastAxis();
    }

    /** The part of row-major memory that a slice of the first axis is; other slices lie in pieces. */
    @Override
    public Optional<MemorySegment> rowMajorMemory() {
        if (axis != 0 || source.elementCount() == 0) {
            return Optional.empty();
        }
        return source.rowMajorMemory().map(memory -> {
            long row = memory.byteSize() / source.shape().dim(0).value();
            return memory.asSlice(start * row, shape.dim(0).value() * row);
        });
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        int moved = axis == firstAxis ? secondAxis : axis == secondAxis ? firstAxis : axis;
        return of(
                source.transposed(firstAxis, secondAxis),
                moved,
                start,
                start + shape.dim(axis).value());
    }

    @Override
    public String toString() {
        return type().text() + shape + " from " + start + " along axis " + axis + " of " + source;
    }
}
