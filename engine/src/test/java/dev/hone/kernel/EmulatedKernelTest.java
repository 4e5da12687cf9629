package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels for 64-bit Arm, run by an emulator of processors that have just what they are emitted for: the tests of the
 * kernels of this machine once more. They say nothing of speed.
 */
@Tag("native")
class EmulatedKernelTest {
    static Stream<Isa> instructionSets() {
        return Stream.of(Isa.values()).filter(Isa::isArm);
    }

    static Stream<Arguments> products() {
        return Stream.concat(Stream.of(Isa.GENERIC), instructionSets())
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
        try (EmulatedProgram program = new EmulatedProgram(kernels)) {
            for (LinearCase test : cases) {
                compared += test.check(new KernelFixture(program));
                program.reuse();
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void linearKeepsTheBitsOfARowAndDoesNotOverflow(Isa isa) {
        LinearKernelTest test = new LinearKernelTest();
        test.bitsOfARowDependOnTheRowOnly(isa, LinearProduct.FLOATS);
        test.bitsOfARowDependOnTheRowOnly(isa, LinearProduct.BYTES);
        test.extremesStayInTheirRow(isa);
        test.extremeNibblesDoNotOverflow(isa);
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void blocksOfTheDepthChangeNoBit(Isa isa) {
        new DepthBlockFuzzTest().blocksOfTheDepthChangeNoBit(isa, LinearProduct.FLOATS);
        new DepthBlockFuzzTest().blocksOfTheDepthChangeNoBit(isa, LinearProduct.BYTES);
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void rowsBecomeTheBytesThatAreDefined(Isa isa) {
        RowFormTest test = new RowFormTest();
        test.quantisesEachRowAsPlainArithmeticDoes(isa);
        test.quantisesWithinAFixedRange(isa);
        test.roundsToBfloatsWithAZeroBehindAnOddLastOne(isa);
        test.layerNormWritesASecondForm(isa);
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void rowsAreNormalizedEmbeddedAndPooled(Isa isa) {
        RowKernelsTest test = new RowKernelsTest();
        test.layerNormAgreesWithDoublePrecision(isa);
        test.embeddingAddsTheRowsOfItsTables(isa);
        test.poolingCombinesTheRowsOfASequence(isa);
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void attentionAgreesWithDoubleArithmetic(Isa isa) {
        AttentionKernelTest test = new AttentionKernelTest();
        for (int headSize : new int[] {10, 32}) {
            AttentionKernelTest.kernels(isa, headSize).forEach(test::agreesWithDoubleArithmetic);
        }
    }

    /** The order of sums is that of the other architecture, where this machine is one of it. */
    @Test
    void attentionHasTheBitsOfThisMachine() {
        AttentionKernelTest.giveTheSameBits(Stream.concat(KernelFixture.instructionSets(), instructionSets())
                .filter(isa -> isa != Isa.GENERIC)
                .distinct()
                .toList());
    }

    @Test
    void functionsOfVectorsStayWithinTheirBounds() {
        float[] all = VectorMathTest.inputs();
        float[] some = new float[all.length / 97];
        for (int index = 0; index < some.length; index++) {
            some[index] = all[97 * index];
        }
        VectorMathTest.staysWithinItsBound(Isa.NEON, some);
    }
}
