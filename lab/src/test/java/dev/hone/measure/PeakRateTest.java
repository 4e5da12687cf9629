package dev.hone.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.LlvmCompiler;
import org.junit.jupiter.api.Test;

final class PeakRateTest {
    @Test
    void thePeakIsOfAPlausibleSize() {
        // From one multiply-add in ten cycles of a slow core to far more than any core has.
        assertThat(PeakRate.measure(1)).isBetween(1e8, 1e12);
    }

    @Test
    void theLoopIsNothingButMultiplyAdds() {
        Isa isa = Machine.detect().isa();
        LlvmCompiler compiler = LlvmCompiler.get();
        String assembly = compiler.emitAssembly(PeakRate.module(isa, 12), compiler.host(Machine.detect(), isa));
        if (isa != Isa.GENERIC) {
            assertThat(assembly.lines().filter(line -> line.contains("vfmadd"))).hasSize(12);
        }
        assertThat(assembly).doesNotContain("call");
    }
}
