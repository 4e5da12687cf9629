package dev.hone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.machine.Isa;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.llvm.Target;
import dev.hone.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PeakRateTest {
    @Test
    void thePeakIsOfAPlausibleSize() {
        // From one multiply-add in ten cycles of a slow core to far more than any core has.
        assertThat(PeakRate.measure(1)).isBetween(1e8, 1e12);
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void theLoopIsNothingButProducts(Isa isa) {
        assertThat(instructions(isa, DType.F32, isa.isArm() ? "fmla" : "vfmadd"))
                .isEqualTo(isa == Isa.GENERIC ? 0 : 12);
        assertThat(instructions(isa, DType.I8, bytes(isa))).isEqualTo(12);
        if (isa.hasBfloatProducts()) {
            assertThat(instructions(isa, DType.BF16, isa.isArm() ? "bfdot" : "vdpbf16ps"))
                    .isEqualTo(12);
        } else {
            assertThatThrownBy(() -> new PeakLoop(isa, DType.BF16)).hasMessageContaining("no products of bf16");
        }
    }

    private static String bytes(Isa isa) {
        return switch (isa) {
            case GENERIC, AVX2, AVX512 -> "pmaddwd";
            case AVX512_VNNI, AVX512_BF16 -> "vpdpbusd";
            case NEON -> "mla";
            case NEON_DOTPROD -> "sdot";
            case NEON_I8MM, NEON_BF16 -> "usmmla";
        };
    }

    private static long instructions(Isa isa, DType arithmetic, String name) {
        LlvmCompiler compiler = LlvmCompiler.get();
        String module = new PeakLoop(isa, arithmetic).module(12);
        String assembly = compiler.emitAssembly(module, Target.of(isa.isArm() ? "aarch64" : "x86_64", isa));
        assertThat(assembly).doesNotContain("call");
        return assembly.lines().filter(line -> line.contains(name)).count();
    }

    @Test
    void productsOfBytesHaveAPeakOfPlausibleSize() {
        assertThat(PeakRate.measure(1, DType.I8)).isBetween(1e8, 1e13);
    }
}
