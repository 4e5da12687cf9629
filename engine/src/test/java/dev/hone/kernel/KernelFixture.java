package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.system.Arguments;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.tensor.Float16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Compiled kernels and memory with guards around what they may write. */
final class KernelFixture implements AutoCloseable {
    private static final int GUARD_BYTES = 256;
    private static final byte GUARD = 0x5a;

    /** What holds the memory and runs the kernels. */
    interface Host extends AutoCloseable {
        /** Memory aligned to 64 bytes. */
        MemorySegment allocate(long bytes);

        /** Calls a kernel with numbers and memory that {@link #allocate} gave. */
        void run(Kernel kernel, Object... arguments);

        @Override
        void close();
    }

    private final Host host;
    private final List<MemorySegment> guards = new ArrayList<>();

    /** Kernels that this machine runs, or else an emulator. */
    KernelFixture(List<? extends Kernel> kernels) {
        this(
                Machine.detect().isa().includes(kernels.getFirst().isa())
                        ? new Loaded(kernels)
                        : new EmulatedProgram(kernels));
    }

    KernelFixture(Host host) {
        this.host = host;
    }

    private static final class Loaded implements Host {
        private final Arena arena = Arena.ofConfined();
        private final NativeCode code;
        private final Map<Kernel, NativeFunction> functions = new HashMap<>();

        Loaded(List<? extends Kernel> kernels) {
            LlvmCompiler compiler = LlvmCompiler.get();
            code = NativeCode.load(compiler.emitObject(
                    Kernel.module(kernels),
                    compiler.host(Machine.detect(), kernels.getFirst().isa())));
            for (Kernel kernel : kernels) {
                functions.put(kernel, code.function(kernel.symbol()));
            }
        }

        @Override
        public MemorySegment allocate(long bytes) {
            return arena.allocate(bytes, 64);
        }

        @Override
        public void run(Kernel kernel, Object... arguments) {
            NativeFunction function = functions.get(kernel);
            if (function == null) {
                throw new IllegalArgumentException("not compiled: " + kernel.line());
            }
            Arguments words = new Arguments(arena);
            for (Object argument : arguments) {
                switch (argument) {
                    case MemorySegment segment -> words.pointer(segment);
                    case Float number -> words.real(number);
                    case Number number -> words.number(number.longValue());
                    default -> throw new IllegalArgumentException("argument " + argument);
                }
            }
            function.call(words);
        }

        @Override
        public void close() {
            code.close();
            arena.close();
        }
    }

    void run(Kernel kernel, Object... arguments) {
        host.run(kernel, arguments);
    }

    MemorySegment allocate(long bytes) {
        return host.allocate(Math.max(64, bytes));
    }

    /** Memory whose neighbourhood {@link #checkGuards} inspects. */
    MemorySegment guarded(long bytes) {
        MemorySegment all = host.allocate(bytes + 2 * GUARD_BYTES).fill(GUARD);
        guards.add(all.asSlice(0, GUARD_BYTES));
        guards.add(all.asSlice(GUARD_BYTES + bytes, GUARD_BYTES));
        return all.asSlice(GUARD_BYTES, bytes);
    }

    void checkGuards() {
        MemorySegment untouched = MemorySegment.ofArray(new byte[GUARD_BYTES]).fill(GUARD);
        for (MemorySegment guard : guards) {
            assertThat(guard.mismatch(untouched))
                    .as("first byte written outside")
                    .isEqualTo(-1);
        }
        guards.clear();
    }

    /** A row-major matrix with padded rows; the padding is NaN, so that a kernel that uses it is found out. */
    MemorySegment matrix(float[] values, int rows, int columns) {
        int stride = stride(columns);
        MemorySegment matrix = allocate((long) rows * stride * 4);
        for (long index = 0; index < (long) rows * stride; index++) {
            matrix.setAtIndex(ValueLayout.JAVA_FLOAT, index, Float.NaN);
        }
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(values, row * columns, matrix, ValueLayout.JAVA_FLOAT, (long) row * stride * 4, columns);
        }
        return matrix;
    }

    /** A row-major matrix of bf16 numbers with padded rows; the padding is NaN. */
    MemorySegment bfloatMatrix(float[] values, int rows, int columns) {
        long stride = 2L * stride(RowForm.BFLOATS.words(columns));
        MemorySegment matrix = allocate(rows * stride * 2);
        for (long index = 0; index < rows * stride; index++) {
            matrix.setAtIndex(ValueLayout.JAVA_SHORT, index, Float16.toBfloat16(Float.NaN));
        }
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                short bits = Float16.toBfloat16(values[row * columns + column]);
                matrix.setAtIndex(ValueLayout.JAVA_SHORT, row * stride + column, bits);
            }
        }
        return matrix;
    }

    /** Values without a byte to spare: what lies behind them belongs to guards. */
    MemorySegment exact(float[] values) {
        MemorySegment all = guarded(values.length * 4L);
        MemorySegment.copy(values, 0, all, ValueLayout.JAVA_FLOAT, 0, values.length);
        return all;
    }

    MemorySegment integers(int[] values) {
        MemorySegment all = guarded(values.length * 4L);
        MemorySegment.copy(values, 0, all, ValueLayout.JAVA_INT, 0, values.length);
        return all;
    }

    /** Every instruction set of this machine. */
    static Stream<Isa> instructionSets() {
        Isa best = Machine.detect().isa();
        return Stream.of(Isa.values()).filter(best::includes);
    }

    static int stride(int columns) {
        return (columns + 15) / 16 * 16;
    }

    static float get(MemorySegment matrix, int stride, int row, int column) {
        return matrix.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * stride + column);
    }

    static float[] random(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    @Override
    public void close() {
        host.close();
    }
}
