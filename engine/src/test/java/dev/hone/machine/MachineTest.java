package dev.hone.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
}
