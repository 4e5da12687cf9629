package dev.hone.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.llvm.Target;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ReadRateTest {
    @ParameterizedTest
    @CsvSource({"1,1", "1,65536", "2,1000000", "2,40000000"})
    void memoryIsReadAtAPlausibleRate(int threads, long bytes) {
        // From a slow memory bus to more than any first cache gives two cores.
        assertThat(ReadRate.measure(threads, bytes)).isBetween(1e8, 4e12);
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void theLoopReadsEveryVector(Isa isa) {
        LlvmCompiler compiler = LlvmCompiler.get();
        Target target = Target.of(isa.isArm() ? "aarch64" : "x86_64", isa);
        String assembly = compiler.emitAssembly(ReadRate.module(isa), target);
        // Arm loads two vectors at a time, before it combines them.
        Predicate<String> reads =
                isa.isArm() ? line -> line.contains("ldp\tq") : line -> line.contains("xor") && line.contains("(%r");
        assertThat(assembly.lines().filter(reads)).as(assembly).hasSize(isa.isArm() ? 4 : 8);
    }
}
