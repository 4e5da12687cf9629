package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import java.lang.foreign.MemorySegment;
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

@Tag("native")
class LinearKernelTest {
    /** Every product on every instruction set of this machine. */
    static Stream<Arguments> products() {
        return KernelFixture.instructionSets()
                .flatMap(isa -> Arrays.stream(LinearProduct.values())
                        .filter(product -> product != LinearProduct.BFLOATS || isa.hasBfloatProducts())
                        .map(product -> Arguments.of(isa, product)));
    }

    @ParameterizedTest
    @MethodSource("products")
    void agreesWithScalarProductAroundTileEdges(Isa isa, LinearProduct product) {
        LinearSchedule schedule = LinearSchedule.of(isa, product);
        List<LinearCase> cases = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        int panel = schedule.vectors() * isa.lanes();
        for (int rows = 1; rows <= 2 * schedule.rows() + 1; rows++) {
            for (int columns : new int[] {1, isa.lanes(), isa.lanes() + 1, 2 * panel + 3}) {
                int depth = 1 + random.nextInt(80);
                cases.add(new LinearCase(isa, product, rows, depth, columns, random));
            }
        }
        int compared = 0;
        try (KernelFixture fixture = new KernelFixture(cases.stream()
                .flatMap(test -> test.kernels().stream())
                .distinct()
                .toList())) {
            for (LinearCase test : cases) {
                compared += test.check(fixture);
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    /** Rows of every tile height, in other positions, with panels shared out. */
    @ParameterizedTest
    @MethodSource("products")
    void bitsOfARowDependOnTheRowOnly(Isa isa, LinearProduct product) {
        LinearSchedule schedule = LinearSchedule.of(isa, product);
        int rows = 2 * schedule.rows() + 1;
        int columns = 3 * schedule.vectors() * isa.lanes() + 1;
        LinearCase test = new LinearCase(isa, product, rows, 45, columns, new SplittableRandom(5));
        PackedWeights layout = test.layout();
        try (KernelFixture fixture = new KernelFixture(test.kernels())) {
            LinearCase.Operands operands = test.operands(fixture);
            MemorySegment whole = fixture.allocate(4L * rows * KernelFixture.stride(columns));
            test.run(fixture, operands, whole, new long[] {0, rows, 0, layout.panels()});
            MemorySegment pieces = fixture.allocate(4L * rows * KernelFixture.stride(columns));
            for (long panel = layout.panels() - 1L; panel >= 0; panel--) {
                for (long row = 0, height = 1; row < rows; row += height, height = Math.min(height + 1, rows - row)) {
                    test.run(fixture, operands, pieces, new long[] {row, row + height, panel, panel + 1});
                }
            }
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    assertThat(KernelFixture.get(pieces, KernelFixture.stride(columns), row, column))
                            .as("row %d column %d", row, column)
                            .isEqualTo(KernelFixture.get(whole, KernelFixture.stride(columns), row, column))
                            .isNotNaN();
                }
            }
        }
    }

    /** Infinities and NaN of one row stay in it; huge, tiny and signed zero products are those of plain arithmetic. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void extremesStayInTheirRow(Isa isa) {
        LinearSchedule schedule = LinearSchedule.of(isa, LinearProduct.FLOATS);
        PackedWeights layout = new PackedWeights(isa, LinearProduct.FLOATS, schedule, 2, 1);
        LinearKernel kernel = LinearKernel.of(isa, layout, Activation.NONE, RowForm.FLOATS);
        float[][] rows = {
            {Float.NaN, 1},
            {1, 2},
            {Float.POSITIVE_INFINITY, 1},
            {-0f, -0f},
            {Float.MAX_VALUE, Float.MAX_VALUE},
            {Float.MIN_VALUE, 0},
            {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}
        };
        float[] expected = {
            Float.NaN, 3, Float.POSITIVE_INFINITY, 0, Float.POSITIVE_INFINITY, Float.MIN_VALUE, Float.NaN
        };
        try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
            MemorySegment packed = fixture.allocate(layout.bytes());
            new WeightPacker(layout, (line, into) -> Arrays.fill(into, 1f), null, null, packed)
                    .pack(WeightPacker.Lines.DEPTHS);
            float[] a = new float[rows.length * 2];
            for (int row = 0; row < rows.length; row++) {
                System.arraycopy(rows[row], 0, a, row * 2, 2);
            }
            MemorySegment output = fixture.guarded(rows.length * 64L);
            fixture.run(
                    kernel,
                    fixture.matrix(a, rows.length, 2),
                    16L,
                    packed,
                    output,
                    16L,
                    0L,
                    (long) rows.length,
                    0L,
                    1L,
                    2L,
                    1L);
            fixture.checkGuards();
            for (int row = 0; row < rows.length; row++) {
                assertThat(KernelFixture.get(output, 16, row, 0))
                        .as("row %d", row)
                        .isEqualTo(Float.valueOf(expected[row]));
            }
        }
    }

    @Test
    void bandsAreNoPartOfAKernel() {
        LinearProblem problem =
                new LinearProblem(Isa.AVX2, LinearProduct.FLOATS, Activation.NONE, RowForm.FLOATS, 64, 64);
        LinearSchedule usual = problem.usualSchedule();
        assertThat(problem.kernel(usual.withBandRows(64))).isEqualTo(problem.kernel(usual));
        assertThat(problem.kernel(usual.withDepthBlock(32)).symbol())
                .isNotEqualTo(problem.kernel(usual).symbol());
    }

    /** The largest bytes times the least nibbles: the sums of groups must not leave what they are added in. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void extremeNibblesDoNotOverflow(Isa isa) {
        int depth = 64;
        float[] inputs = new float[depth];
        float[] weights = new float[depth];
        Arrays.fill(inputs, 1);
        Arrays.fill(weights, -8);
        LinearCase test = new LinearCase(
                isa, LinearProduct.NIBBLES, 1, depth, 1, inputs, weights, new float[1], new float[] {1, 1});
        try (KernelFixture fixture = new KernelFixture(test.kernels())) {
            assertThat(test.check(fixture)).isEqualTo(1);
        }
    }

    /** Both orders of reading the source give the same packed bytes, with zeros behind the last column. */
    @ParameterizedTest
    @MethodSource("products")
    void packsAlikeFromColumnsAndFromDepths(Isa isa, LinearProduct product) {
        int depth = 131;
        int columns = 2 * LinearSchedule.of(isa, product).vectors() * isa.lanes() + 3;
        LinearCase test = new LinearCase(isa, product, 1, depth, columns, new SplittableRandom(2));
        PackedWeights layout = test.layout();
        MemorySegment fromColumns = MemorySegment.ofArray(new float[(int) layout.bytes() / 4]);
        MemorySegment fromDepths =
                MemorySegment.ofArray(new float[(int) layout.bytes() / 4]).fill((byte) 1);
        test.pack(fromColumns);
        LineSource depths = (line, into) -> {
            for (int column = 0; column < columns; column++) {
                into[column] = test.weights()[column * depth + line];
            }
        };
        new WeightPacker(layout, depths, test.bias(), test.scales(), fromDepths).pack(WeightPacker.Lines.DEPTHS);
        assertThat(fromDepths.mismatch(fromColumns)).as("first different byte").isEqualTo(-1);
    }
}
