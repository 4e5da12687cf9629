package dev.hone.runtime;

import dev.hone.kernel.Kernel;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.tensor.DType;
import dev.hone.tensor.Float16;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/**
 * What one step is bound with: compiled functions, and its constants.
 *
 * @param node the node that the step computes
 */
record Binding(NativeCode code, Constants constants, String node) {
    NativeFunction function(Kernel kernel) {
        return code.function(kernel.symbol());
    }

    /** The next constant, filled by the writer where it is not there yet. */
    MemorySegment constant(long bytes, Consumer<MemorySegment> writer) {
        return constants.take(node, bytes, writer);
    }

    /** A copy of a vector, filled with zeros to a multiple of 16 floats. */
    MemorySegment vector(Tensor tensor) {
        int count = Math.toIntExact(tensor.elementCount());
        return constant((long) Padding.padded(count) * Float.BYTES, memory -> {
            float[] values = tensor.toFloatArray();
            MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
        });
    }

    /**
     * The rows of a table of 16- or 32-bit floats: the tensor's own memory where it lies in one piece outside the Java
     * heap, so that only rows that are looked up are ever read; otherwise a copy.
     */
    MemorySegment table(Tensor tensor) {
        return table(tensor, tableType(tensor));
    }

    /** The element type that {@link #table} has in memory. */
    static DType tableType(Tensor tensor) {
        return tensor.type() == DType.F16 || tensor.type() == DType.BF16 ? tensor.type() : DType.F32;
    }

    /** The rows of a table as f32: the tensor's own memory where it is that, otherwise a copy. */
    MemorySegment floatTable(Tensor tensor) {
        return table(tensor, DType.F32);
    }

    private MemorySegment table(Tensor tensor, DType type) {
        return tensor.rowMajorMemory()
                .filter(memory -> memory.isNative() && tensor.type() == type)
                .map(memory -> constants.takeInPlace(node, memory))
                .orElseGet(() -> constant(tensor.elementCount() * type.bytes(), memory -> copy(tensor, type, memory)));
    }

    private static void copy(Tensor tensor, DType type, MemorySegment memory) {
        int width = Math.toIntExact(tensor.shape().last().value());
        long rows = tensor.shape().dim(0).value();
        float[] line = new float[width];
        for (long row = 0; row < rows; row++) {
            tensor.readLine(1, new long[] {row, 0}, line, width);
            for (int column = 0; column < width; column++) {
                long index = row * width + column;
                switch (type) {
                    case F16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float16.toHalf(line[column]));
                    case BF16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float16.toBfloat16(line[column]));
                    default -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, line[column]);
                }
            }
        }
    }
}
