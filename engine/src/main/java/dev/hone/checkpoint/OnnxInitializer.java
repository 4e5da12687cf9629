package dev.hone.checkpoint;

import dev.hone.tensor.DType;
import dev.hone.tensor.Float16;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A constant of an ONNX file that is to be written.
 *
 * @param memory its elements in row-major order, little-endian
 */
public record OnnxInitializer(String name, DType type, Shape shape, MemorySegment memory) {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The elements of a tensor: its own memory where that is row-major and native, otherwise a native copy. */
    public static OnnxInitializer of(String name, Tensor tensor, Arena arena) {
        MemorySegment memory = tensor.rowMajorMemory()
                .map(own ->
                        own.isNative() ? own : arena.allocate(own.byteSize()).copyFrom(own))
                .orElseGet(() -> copy(tensor, arena));
        return new OnnxInitializer(name, tensor.type(), tensor.shape(), memory);
    }

    private static MemorySegment copy(Tensor tensor, Arena arena) {
        MemorySegment memory = arena.allocate(
                Math.multiplyExact(tensor.elementCount(), tensor.type().bytes()));
        if (tensor.elementCount() == 0) {
            return memory;
        }
        long[] dims = tensor.shape().toArray();
        int width = Math.toIntExact(dims.length == 0 ? 1 : dims[dims.length - 1]);
        float[] line = new float[width];
        long[] position = new long[dims.length];
        for (long first = 0; first < tensor.elementCount(); first += width) {
            place(position, dims, first);
            if (tensor.type().isFloat() && tensor.type() != DType.F64 && dims.length > 0) {
                tensor.readLine(dims.length - 1, position, line, width);
                putFloats(memory, first, line, tensor.type());
            } else {
                putEach(memory, first, tensor, position, width);
            }
        }
        return memory;
    }

    private static void place(long[] position, long[] dims, long element) {
        long rest = element;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            position[axis] = rest % dims[axis];
            rest /= dims[axis];
        }
    }

    private static void putFloats(MemorySegment memory, long first, float[] line, DType type) {
        if (type == DType.F32) {
            MemorySegment.copy(line, 0, memory, FLOAT, first * Float.BYTES, line.length);
            return;
        }
        for (int index = 0; index < line.length; index++) {
            short bits = type == DType.F16 ? Float16.toHalf(line[index]) : Float16.toBfloat16(line[index]);
            memory.set(SHORT, (first + index) * Short.BYTES, bits);
        }
    }

    private static void putEach(MemorySegment memory, long first, Tensor tensor, long[] position, int width) {
        for (int index = 0; index < width; index++) {
            put(memory, (first + index) * tensor.type().bytes(), tensor, position);
            if (position.length > 0) {
                position[position.length - 1]++;
            }
        }
    }

    private static void put(MemorySegment memory, long at, Tensor tensor, long[] position) {
        switch (tensor.type()) {
            case F64 -> memory.set(DOUBLE, at, tensor.getDouble(position));
            case F32 -> memory.set(FLOAT, at, (float) tensor.getDouble(position));
            case F16 -> memory.set(SHORT, at, Float16.toHalf((float) tensor.getDouble(position)));
            case BF16 -> memory.set(SHORT, at, Float16.toBfloat16((float) tensor.getDouble(position)));
            case I64 -> memory.set(LONG, at, tensor.getLong(position));
            case I32 -> memory.set(INT, at, (int) tensor.getLong(position));
            case I16 -> memory.set(SHORT, at, (short) tensor.getLong(position));
            case I8, U8, BOOL -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) tensor.getLong(position));
        }
    }
}
