package dev.hone.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {
    @Test
    void describesTheRunningComputer() {
        Machine machine = Machine.detect();
        assertThat(machine.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(machine.model()).isNotBlank();
        assertThat(machine.isa().runsWith(machine.features())).isTrue();
    }

    @Test
    void refusesACapAboveWhatItHas() {
        Machine plain = new Machine("Plain", "x86_64", "Linux", 1, List.of(), Isa.AVX2, Set.of());
        assertThat(plain.capped(Isa.GENERIC)).isEqualTo(Isa.GENERIC);
        assertThatThrownBy(() -> plain.capped(Isa.AVX512))
                .isInstanceOfSatisfying(
                        HoneException.class,
                        failure -> assertThat(failure.category()).isEqualTo(Category.MACHINE))
                .hasMessageContaining("avx512")
                .hasMessageContaining("Plain has only avx2");
    }

    @Test
    void namesTheKnownOnesForAnUnknownInstructionSet() {
        assertThat(Isa.parse("AVX2")).isEqualTo(Isa.AVX2);
        assertThatThrownBy(() -> Isa.parse("mmx"))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("mmx")
                .hasMessageContaining(
                        "[generic, avx2, avx512, avx512_vnni, avx512_bf16, neon, neon_dotprod, neon_i8mm, neon_bf16]");
    }

    /** A server processor without i8mm, as Linux describes it. */
    private static final List<String> ARM_SERVER = """
            processor\t: 0
            BogoMIPS\t: 243.75
            Features\t: fp asimd evtstrm aes sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
            CPU implementer\t: 0x41
            CPU architecture: 8
            CPU variant\t: 0x3
            CPU part\t: 0xd0c
            CPU revision\t: 1

            processor\t: 1
            BogoMIPS\t: 243.75
            Features\t: fp asimd evtstrm aes sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
            CPU implementer\t: 0x41
            CPU architecture: 8
            CPU variant\t: 0x3
            CPU part\t: 0xd0c
            CPU revision\t: 1
            """.lines().toList();

    @Test
    void readsWhatAnArmProcessorSays() {
        Machine machine = Machine.of("aarch64", ARM_SERVER, List.of());
        assertThat(machine.model()).isEqualTo("aarch64 implementer 0x41 part 0xd0c");
        assertThat(machine.isa()).isEqualTo(Isa.NEON_DOTPROD);
        assertThat(machine.features()).containsExactly("asimd", "asimddp", "asimdhp", "asimdrdm");
        assertThat(machine.capped(Isa.NEON)).isEqualTo(Isa.NEON);
        assertThatThrownBy(() -> machine.capped(Isa.NEON_I8MM)).hasMessageContaining("has only neon_dotprod");
        assertThatThrownBy(() -> machine.capped(Isa.AVX2)).hasMessageContaining("has only neon_dotprod");
    }

    @ParameterizedTest
    @CsvSource({
        "fp asimd evtstrm crc32 cpuid, NEON",
        "fp asimd asimddp sve, NEON_DOTPROD",
        "fp asimd asimddp sve asimdfhm i8mm, NEON_I8MM",
        "fp asimd asimddp sve i8mm bf16 dgh rng, NEON_BF16",
        "fp asimd sve2 i8mm bf16, NEON"
    })
    void choosesTheWidestOfArmThatIsWhole(String features, Isa isa) {
        List<String> information = List.of("processor : 0", "Features : " + features);
        assertThat(Machine.of("aarch64", information, List.of()).isa()).isEqualTo(isa);
        assertThat(Machine.of("x86_64", information, List.of()).isa()).isEqualTo(Isa.GENERIC);
    }

    /** Every 64-bit Arm has vectors, also under a system that does not say so. */
    @Test
    void armWithoutAWordHasVectors() {
        Machine machine = Machine.of("aarch64", List.of(), List.of());
        assertThat(machine.isa()).isEqualTo(Isa.NEON);
        assertThat(machine.model()).isEqualTo("aarch64");
    }

    @Test
    void instructionSetsOfAnotherArchitectureIncludeNothingButGenericCode() {
        assertThat(Isa.NEON_BF16.includes(Isa.AVX2)).isFalse();
        assertThat(Isa.AVX512_BF16.includes(Isa.NEON)).isFalse();
        assertThat(Isa.NEON.includes(Isa.GENERIC)).isTrue();
        assertThat(Isa.NEON_BF16.includes(Isa.NEON_DOTPROD)).isTrue();
        assertThat(Isa.NEON_DOTPROD.includes(Isa.NEON_I8MM)).isFalse();
    }
}
