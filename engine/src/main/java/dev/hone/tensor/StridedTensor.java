package dev.hone.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A tensor over one piece of memory; element {@code (i, j, …)} lies at {@code i*strides[0] + j*strides[1] + …}. */
final class StridedTensor implements Tensor {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DType type;
    private final Shape shape;
    private final MemorySegment memory;
    private final long[] strides;

    private StridedTensor(DType type, Shape shape, MemorySegment memory, long[] strides) {
        this.type = type;
        this.shape = shape;
        this.memory = memory.asReadOnly();
        this.strides = strides;
    }

    static StridedTensor rowMajor(DType type, Shape shape, MemorySegment memory) {
        long expected = Math.multiplyExact(shape.elementCount().value(), type.bytes());
        if (memory.byteSize() != expected) {
            throw new IllegalArgumentException(
                    type.text() + shape + " takes " + expected + " bytes, not " + memory.byteSize());
        }
        return new StridedTensor(type, shape, memory, rowMajorStrides(shape));
    }

    private static long[] rowMajorStrides(Shape shape) {
        long[] strides = new long[shape.rank()];
        long stride = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.dim(axis).value();
        }
        return strides;
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    private long offset(long[] position) {
        if (position.length != strides.length) {
            throw new IllegalArgumentException("position of rank " + position.length + " in " + shape);
        }
        long offset = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            offset += Objects.checkIndex(position[axis], shape.dim(axis).value()) * strides[axis];
        }
        return offset * type.bytes();
    }

    @Override
    public double getDouble(long... position) {
        long at = offset(position);
        return switch (type) {
            case F64 -> memory.get(DOUBLE, at);
            case F32 -> memory.get(FLOAT, at);
            case F16 -> Float16.fromHalf(memory.get(SHORT, at));
            case BF16 -> Float16.fromBfloat16(memory.get(SHORT, at));
            case I64, I32, I16, I8, U8, BOOL -> integerAt(at);
        };
    }

    @Override
    public long getLong(long... position) {
        return integerAt(offset(position));
    }

    private long integerAt(long at) {
        return switch (type) {
            case I64 -> memory.get(LONG, at);
            case I32 -> memory.get(INT, at);
            case I16 -> memory.get(SHORT, at);
            case I8 -> memory.get(JAVA_BYTE, at);
            case U8 -> memory.get(JAVA_BYTE, at) & 0xff;
            case BOOL -> memory.get(JAVA_BYTE, at) == 0 ? 0 : 1;
            case F64, F32, F16, BF16 ->
                throw new IllegalStateException("elements of " + type.text() + " are not integers");
        };
    }

    @Override
    public void readLine(int axis, long[] start, float[] destination, int count) {
        if (count == 0) {
            return;
        }
        long[] end = start.clone();
        end[axis] += count - 1;
        offset(end);
        long at = offset(start);
        long step = strides[axis] * type.bytes();
        switch (type) {
            case F32 -> readFloats(at, step, destination, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    destination[i] = Float16.fromHalf(memory.get(SHORT, at + i * step));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    destination[i] = Float16.fromBfloat16(memory.get(SHORT, at + i * step));
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    destination[i] = (float) memory.get(DOUBLE, at + i * step);
                }
            }
            case I64, I32, I16, I8, U8, BOOL -> {
                for (int i = 0; i < count; i++) {
                    destination[i] = integerAt(at + i * step);
                }
            }
        }
    }

    private void readFloats(long at, long step, float[] destination, int count) {
        if (step == Float.BYTES) {
            MemorySegment.copy(memory, FLOAT, at, destination, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            destination[i] = memory.get(FLOAT, at + i * step);
        }
    }

    @Override
    public int fastAxis() {
        int fastest = 0;
        for (int axis = 1; axis < strides.length; axis++) {
            fastest = strides[axis] <= strides[fastest] ? axis : fastest;
        }
        return fastest;
    }

    @Override
    public Optional<MemorySegment> rowMajorMemory() {
        return Arrays.equals(strides, rowMajorStrides(shape)) ? Optional.of(memory) : Optional.empty();
    }

    @Override
    public Tensor transposed(int firstAxis, int secondAxis) {
        long[] exchanged = strides.clone();
        exchanged[firstAxis] = strides[secondAxis];
        exchanged[secondAxis] = strides[firstAxis];
        Shape exchangedShape = shape.with(firstAxis, shape.dim(secondAxis)).with(secondAxis, shape.dim(firstAxis));
        return new StridedTensor(type, exchangedShape, memory, exchanged);
    }

    @Override
    public String toString() {
        return type.text() + shape + " strides " + Arrays.toString(strides);
    }
}
