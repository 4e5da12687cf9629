package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels for 64-bit Arm, run by an emulator of a processor that has just what they are emitted for. Says nothing of
 * speed.
 */
@Tag("native")
class EmulatedKernelTest {
    /** The first has neither dotprod nor what came later, the second dotprod only. */
    private static String processor(Isa isa) {
        return switch (isa) {
            case NEON, GENERIC -> "cortex-a72";
            case NEON_DOTPROD -> "neoverse-n1";
            default -> "max";
        };
    }

    static Stream<Arguments> products() {
        return Stream.of(Isa.values())
                .filter(isa -> isa == Isa.GENERIC || isa.isArm())
                .flatMap(isa -> Arrays.stream(LinearProduct.values())
                        .filter(product -> product != LinearProduct.BFLOATS || isa.hasBfloatProducts())
                        .map(product -> Arguments.of(isa, product)));
    }

    /** Bytes bit for bit, floats within what their roundings allow. */
    @ParameterizedTest
    @MethodSource("products")
    void linearAgreesWithScalarProductAroundTileEdges(Isa isa, LinearProduct product) {
        LinearSchedule schedule = LinearSchedule.of(isa, product);
        SplittableRandom random = new SplittableRandom(1);
        int panel = schedule.vectors() * isa.lanes();
        List<LinearCase> cases = new ArrayList<>();
        for (int rows = 1; rows <= 2 * schedule.rows() + 1; rows++) {
            for (int columns : new int[] {1, isa.lanes() + 1, 2 * panel + 3}) {
                cases.add(new LinearCase(isa, product, rows, 1 + random.nextInt(80), columns, random));
            }
        }
        List<Kernel> kernels = cases.stream()
                .flatMap(test -> test.kernels().stream())
                .distinct()
                .toList();
        int compared = 0;
        try (EmulatedProgram program = new EmulatedProgram(kernels, processor(isa))) {
            for (LinearCase test : cases) {
                compared += test.check(new KernelFixture(program));
                program.reuse();
            }
        }
        assertThat(compared).isGreaterThan(100);
    }
}
