package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.llvm.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is emitted for 64-bit Arm, on whatever computer: objects, and the instructions of inner loops. */
@Tag("native")
class ArmEmissionTest {
    private static final Pattern LOOP =
            Pattern.compile("(?m)^(\\.LBB\\w+):((?:(?!^\\.LBB)[\\s\\S])*?)\\sb\\.\\w+\\s+\\1\\n");

    static Stream<Kernel> problems() {
        return Stream.of(Isa.values())
                .filter(isa -> isa == Isa.GENERIC || isa.isArm())
                .flatMap(isa -> EmissionTest.problems(isa).stream());
    }

    /** Self-contained objects, with arithmetic of whole registers. */
    @ParameterizedTest
    @MethodSource("problems")
    void kernelsCompileForArm(Kernel kernel) {
        String ir = Kernel.module(List.of(kernel));
        Target target = Target.arm(kernel.isa());
        ByteBuffer object =
                ByteBuffer.wrap(LlvmCompiler.get().emitObject(ir, target)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(object.getInt(0)).as("ELF magic").isEqualTo(0x464c457f);
        assertThat((int) object.get(4)).as("64 bits").isEqualTo(2);
        assertThat((int) object.getShort(16)).as("relocatable").isEqualTo(1);
        assertThat((int) object.getShort(18)).as("machine AArch64").isEqualTo(183);
        String assembly = LlvmCompiler.get().emitAssembly(ir, target);
        assertThat(count(assembly, arithmetic(kernel)))
                .as("arithmetic of four lanes")
                .isPositive();
        assertThat(count(assembly, "\\sbl\\s")).as("calls").isZero();
        assertThat(assembly).contains(kernel.symbol() + ":");
    }

    private static String arithmetic(Kernel kernel) {
        if (kernel instanceof LinearKernel linear && linear.product() == LinearProduct.BFLOATS) {
            return "bfdot\\s+v\\d+\\.4s";
        }
        boolean bytes =
                kernel instanceof LinearKernel linear && linear.product().input() == RowForm.QUANTIZED;
        if (bytes && kernel.isa().hasByteProducts()) {
            return "(s|us|su)(dot|mmla)\\s+v\\d+\\.4s";
        }
        return bytes || kernel instanceof ConvertKernel
                ? "s?mlal2?\\s+v\\d+|mul\\s+v\\d+\\.4s|fcvt|fmul|bfcvtn"
                : "fml[as]\\s+v\\d+\\.4s|bfdot\\s+v\\d+\\.4s";
    }

    /**
     * The widest loop of the highest tile reads its inputs from lanes, without spreading them, and touches no stack.
     *
     * @param instructions products of one loop for each vector of sums
     */
    @ParameterizedTest
    @CsvSource({
        "NEON, FLOATS, fmla, 4",
        "NEON, HALF_WEIGHTS, fmla, 4",
        "NEON_DOTPROD, BYTES, sdot, 4",
        "NEON_I8MM, BYTES, usmmla, 2",
        "NEON_BF16, BFLOATS, bfdot, 4"
    })
    void innerLoopsKeepTheirSumsInRegisters(Isa isa, LinearProduct product, String name, int instructions) {
        LinearSchedule schedule = LinearSchedule.of(isa, product);
        LinearKernel kernel = new LinearKernel(isa, product, Activation.NONE, RowForm.FLOATS, 0, schedule);
        String assembly = LlvmCompiler.get().emitAssembly(Kernel.module(List.of(kernel)), Target.arm(isa));
        List<String> loops = LOOP.matcher(assembly)
                .results()
                .map((MatchResult found) -> found.group(2))
                .toList();
        long products = (long) instructions * schedule.rows() * schedule.vectors();
        assertThat(loops).as(kernel.line()).anySatisfy(loop -> {
            assertThat(count(loop, "\\s" + name + "\\s")).isEqualTo(products);
            assertThat(count(loop, "\\[sp")).as("accesses of the stack").isZero();
            assertThat(count(loop, "\\sdup\\s")).as("spread inputs").isZero();
            assertThat(count(loop, "prfm")).as("weights fetched ahead").isPositive();
        });
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }
}
