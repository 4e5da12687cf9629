package dev.hone.measure;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.runtime.ThreadTeam;
import dev.hone.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The operations a second that this machine can do at all: a loop of products that are added up on registers, enough of
 * them in flight to hide their latency, on all threads at once.
 */
public final class PeakRate {
    private static final long ROUNDS = 200_000;
    private static final int CALLS = 25;
    private static final double NANOS = 1e9;

    private PeakRate() {}

    /** Measures single precision; see {@link #measure(int, DType)}. */
    public static double measure(int threads) {
        return measure(threads, DType.F32);
    }

    /**
     * Measures for some tens of milliseconds; the best of several calls, because anything else only takes time away.
     *
     * @param arithmetic the operands of products: F32, BF16 where the machine has such products, or I8
     */
    public static double measure(int threads, DType arithmetic) {
        Machine machine = Machine.detect();
        PeakLoop loop = new PeakLoop(machine.isa(), arithmetic);
        LlvmCompiler compiler = LlvmCompiler.get();
        byte[] object = compiler.emitObject(loop.module(loop.sums()), compiler.host(machine, machine.isa()));
        long best = Long.MAX_VALUE;
        try (NativeCode code = NativeCode.load(object);
                Arena arena = Arena.ofShared();
                ThreadTeam team = new ThreadTeam(threads)) {
            NativeFunction function = code.function(PeakLoop.SYMBOL);
            MemorySegment memory = arena.allocate(JAVA_FLOAT, 3);
            memory.setAtIndex(JAVA_FLOAT, 0, 0.5f);
            memory.setAtIndex(JAVA_FLOAT, 1, 1f);
            for (int call = 0; call < CALLS; call++) {
                long start = System.nanoTime();
                team.run(worker -> function.call(memory.address(), ROUNDS, 0));
                best = Math.min(best, System.nanoTime() - start);
            }
        }
        return (double) threads * ROUNDS * loop.operations(loop.sums()) / (best / NANOS);
    }
}
