package dev.hone.measure;

import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.runtime.ThreadTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The bytes a second that this machine can read when it reads the same memory again and again: a loop of vector loads,
 * each thread over its own part. How much memory it is decides which cache serves it, if one does.
 */
public final class ReadRate {
    private static final String SYMBOL = "hone_read";
    private static final int LOADS = 8;
    private static final int PAGE = 4096;
    private static final int PASSES = 15;
    private static final double NANOS = 1e9;
    /** Small memory is read so often in a pass that calling the threads costs nothing beside it. */
    private static final long LEAST_BYTES_OF_A_PASS = 64L << 20;

    private static final String TEMPLATE = """
            define void @hone_read(ptr %memory, i64 %bytes, ptr %sink) #0 {
            entry:
              br label %loop
            loop:
              %i = phi i64 [ 0, %entry ], [ %next, %loop ]
            CARRIED  %at = getelementptr i8, ptr %memory, i64 %i
            STEPS  %next = add i64 %i, STRIDE
              %more = icmp slt i64 %next, %bytes
              br i1 %more, label %loop, label %end
            end:
            COMBINED  store VECTOR %cLAST, ptr %sink, align 4
              ret void
            }
            attributes #0 = { nounwind "no-builtins" "prefer-vector-width"="BITS" "min-legal-vector-width"="BITS" }
            """;

    private ReadRate() {}

    /**
     * Measures for some tens of milliseconds up to a few tenths of a second; the best of several passes, because
     * anything else only takes time away.
     *
     * @param bytes memory that all threads together read again and again; rounded up to a page a thread
     */
    public static double measure(int threads, long bytes) {
        Machine machine = Machine.detect();
        LlvmCompiler compiler = LlvmCompiler.get();
        byte[] object = compiler.emitObject(module(machine.isa()), compiler.host(machine, machine.isa()));
        long part = Math.ceilDiv(Math.max(bytes, 1), (long) threads * PAGE) * PAGE;
        long repeats = Math.max(1, LEAST_BYTES_OF_A_PASS / (part * threads));
        long best = Long.MAX_VALUE;
        try (NativeCode code = NativeCode.load(object);
                Arena arena = Arena.ofShared();
                ThreadTeam team = new ThreadTeam(threads)) {
            NativeFunction function = code.function(SYMBOL);
            MemorySegment memory = arena.allocate(part * threads, PAGE);
            MemorySegment sinks = arena.allocate((long) PAGE * threads, PAGE);
            // Every page gets memory of its own: pages never written may all be the same one.
            team.run(worker -> memory.asSlice(worker * part, part).fill((byte) (worker + 1)));
            for (int pass = 0; pass < PASSES; pass++) {
                long start = System.nanoTime();
                team.run(worker -> {
                    MemorySegment own = memory.asSlice(worker * part, part);
                    MemorySegment sink = sinks.asSlice((long) worker * PAGE, PAGE);
                    for (long repeat = 0; repeat < repeats; repeat++) {
                        function.call(own.address(), own.byteSize(), sink.address());
                    }
                });
                best = Math.min(best, System.nanoTime() - start);
            }
        }
        return (double) part * threads * repeats / (best / NANOS);
    }

    /** The loop in LLVM IR: every vector is combined into one that is kept. */
    static String module(Isa isa) {
        int vectorBytes = isa.lanes() * Integer.BYTES;
        StringBuilder carried = new StringBuilder();
        StringBuilder steps = new StringBuilder();
        for (int load = 0; load < LOADS; load++) {
            carried.append(
                    "  %%a%d = phi VECTOR [ zeroinitializer, %%entry ], [ %%n%d, %%loop ]%n".formatted(load, load));
            steps.append("  %%p%d = getelementptr i8, ptr %%at, i64 %d%n".formatted(load, load * vectorBytes));
            steps.append("  %%v%d = load VECTOR, ptr %%p%d, align %d%n".formatted(load, load, vectorBytes));
            steps.append("  %%n%d = xor VECTOR %%a%d, %%v%d%n".formatted(load, load, load));
        }
        StringBuilder combined = new StringBuilder();
        for (int load = 1; load < LOADS; load++) {
            String before = load == 1 ? "%n0" : "%c" + (load - 1);
            combined.append("  %%c%d = xor VECTOR %s, %%n%d%n".formatted(load, before, load));
        }
        return TEMPLATE.replace("CARRIED", carried)
                .replace("STEPS", steps)
                .replace("COMBINED", combined)
                .replace("LAST", Integer.toString(LOADS - 1))
                .replace("STRIDE", Integer.toString(LOADS * vectorBytes))
                .replace("VECTOR", "<" + isa.lanes() + " x i32>")
                .replace("BITS", Integer.toString(Float.SIZE * isa.lanes()));
    }
}
