package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.llvm.Target;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels run on the stacks of Java threads, of any size and however much of it is in use. */
final class KernelStackTest {
    private static final Pattern FRAME =
            Pattern.compile("subq\\s+\\$(?<bytes>\\d+), %rsp|sub\\s+\\w+, sp, #(?<part>\\d+)(?<pages>, lsl #12)?");

    /** What the JVM leaves free below a call, 20 pages, less a tenth for saved registers and the call itself. */
    private static final int MOST_BYTES = 72 * 1024;

    private static final int SUM_BYTES = 63 * 1024;
    private static final int PAGE = 4096;

    /** The largest frames: sums of a block of rows beside those of groups, and what a rough activation needs. */
    @ParameterizedTest
    @CsvSource({"AVX2, NIBBLES", "AVX512, NIBBLES", "AVX512, BYTES", "NEON_I8MM, NIBBLES", "NEON_I8MM, BYTES"})
    void sumsOnTheStackLeaveRoomBeneathThem(Isa isa, LinearProduct product) {
        LinearProblem problem = new LinearProblem(isa, product, Activation.GELU, RowForm.FLOATS, 3072, 771);
        LinearKernel kernel = problem.kernel(problem.usualSchedule().withDepthBlock(192));
        Target target = isa.isArm() ? Target.arm(isa) : Target.x86(isa);
        assertThat(frame(LlvmCompiler.get().emitAssembly(Kernel.module(List.of(kernel)), target)))
                .as(kernel.line())
                .isBetween(SUM_BYTES, MOST_BYTES);
    }

    private static int frame(String assembly) {
        int bytes = 0;
        Matcher frame = FRAME.matcher(assembly);
        while (frame.find()) {
            String whole = frame.group("bytes");
            bytes += whole != null
                    ? Integer.parseInt(whole)
                    : Integer.parseInt(frame.group("part")) * (frame.group("pages") == null ? 1 : PAGE);
        }
        return bytes;
    }
}
