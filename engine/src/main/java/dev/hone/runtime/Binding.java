package dev.hone.runtime;

import dev.hone.kernel.Kernel;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What steps are bound with: compiled functions, and memory that lives as long as the plan. */
record Binding(NativeCode code, Arena arena) {
    private static final int ALIGNMENT = 64;

    MethodHandle function(Kernel kernel) {
        return code.function(kernel.symbol(), kernel.descriptor());
    }

    MemorySegment allocate(long bytes) {
        return arena.allocate(Math.max(ALIGNMENT, bytes), ALIGNMENT);
    }

    /** A copy of a vector, filled with zeros to a multiple of 16 floats. */
    MemorySegment vector(Tensor tensor) {
        float[] values = tensor.toFloatArray();
        MemorySegment copy = allocate((long) Padding.padded(values.length) * Float.BYTES);
        MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_FLOAT, 0, values.length);
        return copy;
    }

    /**
     * The rows of a table of 16- or 32-bit floats: the tensor's own memory where it lies in one piece outside the Java
     * heap, so that only rows that are looked up are ever read; otherwise a copy as f32.
     */
    MemorySegment table(Tensor tensor) {
        return tensor.rowMajorMemory()
                .filter(memory -> memory.isNative() && tensor.type() != DType.F64)
                .orElseGet(() -> copy(tensor));
    }

    /** The element type that {@link #table} has in memory. */
    static DType tableType(Tensor tensor) {
        boolean inPlace =
                tensor.rowMajorMemory().filter(MemorySegment::isNative).isPresent();
        return inPlace && tensor.type() != DType.F64 ? tensor.type() : DType.F32;
    }

    /** The rows of a table as f32: the tensor's own memory where it is that, otherwise a copy. */
    MemorySegment floatTable(Tensor tensor) {
        return tensor.type() == DType.F32 ? table(tensor) : copy(tensor);
    }

    private MemorySegment copy(Tensor tensor) {
        int width = Math.toIntExact(tensor.shape().last().value());
        long rows = tensor.shape().dim(0).value();
        MemorySegment copy = allocate(rows * width * Float.BYTES);
        float[] line = new float[width];
        for (long row = 0; row < rows; row++) {
            tensor.readLine(1, new long[] {row, 0}, line, width);
            MemorySegment.copy(line, 0, copy, ValueLayout.JAVA_FLOAT, row * width * Float.BYTES, width);
        }
        return copy;
    }
}
