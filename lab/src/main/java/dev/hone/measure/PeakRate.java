package dev.hone.measure;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.runtime.ThreadTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * The floating-point operations a second that this machine can do at all: a loop of fused multiply-adds on registers,
 * enough of them in flight to hide their latency, on all threads at once.
 */
public final class PeakRate {
    private static final String SYMBOL = "hone_peak";
    private static final long ROUNDS = 200_000;
    private static final int CALLS = 25;
    private static final double NANOS = 1e9;
    /** The factor and the summand of each multiply-add stay in registers beside the accumulators. */
    private static final int OTHER_REGISTERS = 4;

    private static final String TEMPLATE = """
            declare VECTOR FUSED(VECTOR, VECTOR, VECTOR)
            define void @hone_peak(ptr %memory, i64 %rounds) #0 {
            entry:
              %second = getelementptr float, ptr %memory, i64 1
              %third = getelementptr float, ptr %memory, i64 2
              %f = load float, ptr %memory
              %g = load float, ptr %second
              %f0 = insertelement VECTOR poison, float %f, i32 0
              %x = shufflevector VECTOR %f0, VECTOR poison, <LANES x i32> zeroinitializer
              %g0 = insertelement VECTOR poison, float %g, i32 0
              %y = shufflevector VECTOR %g0, VECTOR poison, <LANES x i32> zeroinitializer
            STARTS  br label %loop
            loop:
              %i = phi i64 [ 0, %entry ], [ %next, %loop ]
            CARRIEDSTEPS  %next = add i64 %i, 1
              %more = icmp slt i64 %next, %rounds
              br i1 %more, label %loop, label %end
            end:
            SUM  %result = extractelement VECTOR %sLAST, i32 0
              store float %result, ptr %third
              ret void
            }
            attributes #0 = { nounwind "no-builtins" "prefer-vector-width"="BITS" "min-legal-vector-width"="BITS" }
            """;

    private PeakRate() {}

    /**
     * Measures for some tens of milliseconds; the best of several calls, because anything else only takes time away.
     */
    public static double measure(int threads) {
        Machine machine = Machine.detect();
        Isa isa = machine.isa();
        int accumulators = isa.registers() - OTHER_REGISTERS;
        LlvmCompiler compiler = LlvmCompiler.get();
        byte[] object = compiler.emitObject(module(isa, accumulators), compiler.host(machine, isa));
        long best = Long.MAX_VALUE;
        try (NativeCode code = NativeCode.load(object);
                Arena arena = Arena.ofShared();
                ThreadTeam team = new ThreadTeam(threads)) {
            MethodHandle function = code.function(SYMBOL, FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
            MemorySegment memory = arena.allocate(JAVA_FLOAT, 3);
            memory.setAtIndex(JAVA_FLOAT, 0, 0.5f);
            memory.setAtIndex(JAVA_FLOAT, 1, 1f);
            for (int call = 0; call < CALLS; call++) {
                long start = System.nanoTime();
                team.run(worker -> invoke(function, memory));
                best = Math.min(best, System.nanoTime() - start);
            }
        }
        return 2.0 * threads * ROUNDS * accumulators * isa.lanes() / (best / NANOS);
    }

    private static void invoke(MethodHandle function, MemorySegment memory) {
        try {
            function.invokeExact(memory, ROUNDS);
        } catch (Throwable failure) {
            throw new IllegalStateException("the peak loop failed", failure);
        }
    }

    /** The loop in LLVM IR: each accumulator becomes itself times the factor plus the summand. */
    static String module(Isa isa, int accumulators) {
        String vector = String.format(Locale.ROOT, "<%d x float>", isa.lanes());
        String fused = (isa == Isa.GENERIC ? "@llvm.fmuladd.v" : "@llvm.fma.v") + isa.lanes() + "f32";
        StringBuilder starts = new StringBuilder();
        StringBuilder carried = new StringBuilder();
        StringBuilder steps = new StringBuilder();
        StringBuilder sum = new StringBuilder();
        for (int i = 0; i < accumulators; i++) {
            // Each starts from another value, so that they cannot be taken for one.
            starts.append("  %%b%d = insertelement %s %%y, float %d.0, i32 0%n".formatted(i, vector, i));
            carried.append("  %%a%d = phi %s [ %%b%d, %%entry ], [ %%n%d, %%loop ]%n".formatted(i, vector, i, i));
            steps.append("  %%n%d = call %s %s(%s %%a%d, %s %%x, %s %%y)%n"
                    .formatted(i, vector, fused, vector, i, vector, vector));
            String before = i == 0 ? "%y" : "%s" + (i - 1);
            sum.append("  %%s%d = fadd %s %s, %%n%d%n".formatted(i, vector, before, i));
        }
        return TEMPLATE.replace("STARTS", starts)
                .replace("CARRIED", carried)
                .replace("STEPS", steps)
                .replace("SUM", sum)
                .replace("LAST", Integer.toString(accumulators - 1))
                .replace("FUSED", fused)
                .replace("VECTOR", vector)
                .replace("LANES", Integer.toString(isa.lanes()))
                .replace("BITS", Integer.toString(Float.SIZE * isa.lanes()));
    }
}
