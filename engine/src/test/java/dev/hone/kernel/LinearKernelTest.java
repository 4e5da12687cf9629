package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.hone.machine.Isa;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("native")
class LinearKernelTest {
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void agreesWithScalarProductAroundTileEdges(Isa isa) {
        LinearTile tile = LinearTile.of(isa);
        int compared = 0;
        try (KernelFixture fixture = new KernelFixture(allTails(isa))) {
            SplittableRandom random = new SplittableRandom(1);
            for (int rows = 1; rows <= 2 * tile.rows() + 1; rows++) {
                for (int columns : new int[] {1, isa.lanes(), isa.lanes() + 1, 2 * tile.vectors() * isa.lanes() + 3}) {
                    int depth = 1 + random.nextInt(40);
                    for (boolean residual : new boolean[] {false, true}) {
                        compared += new LinearCase(isa, rows, depth, columns, residual, random).check(fixture);
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    /** A product that is added onto its residual in place. */
    private record Product(
            KernelFixture fixture,
            LinearKernel kernel,
            PackedWeights layout,
            MemorySegment input,
            MemorySegment packed) {
        /** Computes first row, end row, first panel, end panel. */
        void addTo(MemorySegment residual, long[] part) {
            long strideA = KernelFixture.stride(layout.depth());
            long strideC = KernelFixture.stride(layout.columns());
            long depth = layout.depth();
            long columns = layout.columns();
            fixture.run(
                    kernel, input, strideA, packed, residual, strideC, residual, strideC, part[0], part[1], part[2],
                    part[3], depth, columns);
        }
    }

    /** Rows of every tile height, in other positions, with panels shared out, and added onto the residual itself. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void bitsOfARowDependOnTheRowOnly(Isa isa) {
        LinearTile tile = LinearTile.of(isa);
        int rows = 2 * tile.rows() + 1;
        int depth = 45;
        int columns = 3 * tile.vectors() * isa.lanes() + 1;
        LinearKernel kernel = LinearKernel.of(isa, Activation.GELU, true, columns);
        SplittableRandom random = new SplittableRandom(5);
        PackedWeights layout = new PackedWeights(isa, depth, columns);
        float[] w = KernelFixture.random(random, columns * depth);
        int strideC = KernelFixture.stride(columns);
        try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
            MemorySegment packed = fixture.allocate(layout.bytes());
            LineSource lines = (line, into) -> System.arraycopy(w, line * depth, into, 0, depth);
            new WeightPacker(layout, lines, null, packed).pack(WeightPacker.Lines.COLUMNS);
            MemorySegment input = fixture.matrix(KernelFixture.random(random, rows * depth), rows, depth);
            float[] residual = KernelFixture.random(random, rows * columns);
            MemorySegment whole = fixture.matrix(residual, rows, columns);
            Product product = new Product(fixture, kernel, layout, input, packed);
            product.addTo(whole, new long[] {0, rows, 0, layout.panels()});
            MemorySegment pieces = fixture.matrix(residual, rows, columns);
            for (long panel = layout.panels() - 1L; panel >= 0; panel--) {
                for (long row = 0, height = 1; row < rows; row += height, height = Math.min(height + 1, rows - row)) {
                    product.addTo(pieces, new long[] {row, row + height, panel, panel + 1});
                }
            }
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    assertThat(KernelFixture.get(pieces, strideC, row, column))
                            .as("row %d column %d", row, column)
                            .isEqualTo(KernelFixture.get(whole, strideC, row, column))
                            .isNotNaN();
                }
            }
        }
    }

    /** Infinities and NaN of one row stay in it; huge, tiny and signed zero products are those of plain arithmetic. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void extremesStayInTheirRow(Isa isa) {
        LinearKernel kernel = LinearKernel.of(isa, Activation.NONE, false, 1);
        PackedWeights layout = new PackedWeights(isa, 2, 1);
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
            new WeightPacker(layout, (line, into) -> Arrays.fill(into, 1f), null, packed)
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

    /** Both orders of reading the source give the same packed bytes, with zeros behind the last column. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void packsAlikeFromColumnsAndFromDepths(Isa isa) {
        int depth = 131;
        int columns = 2 * LinearTile.of(isa).vectors() * isa.lanes() + 3;
        PackedWeights layout = new PackedWeights(isa, depth, columns);
        float[] w = KernelFixture.random(new SplittableRandom(2), columns * depth);
        float[] bias = KernelFixture.random(new SplittableRandom(3), columns);
        MemorySegment fromColumns = MemorySegment.ofArray(new float[(int) layout.bytes() / 4]);
        MemorySegment fromDepths =
                MemorySegment.ofArray(new float[(int) layout.bytes() / 4]).fill((byte) 1);
        new WeightPacker(layout, (line, into) -> System.arraycopy(w, line * depth, into, 0, depth), bias, fromColumns)
                .pack(WeightPacker.Lines.COLUMNS);
        LineSource depths = (line, into) -> {
            for (int column = 0; column < columns; column++) {
                into[column] = w[column * depth + line];
            }
        };
        new WeightPacker(layout, depths, bias, fromDepths).pack(WeightPacker.Lines.DEPTHS);
        assertThat(fromDepths.mismatch(fromColumns)).as("first different byte").isEqualTo(-1);
    }

    private static List<LinearKernel> allTails(Isa isa) {
        List<LinearKernel> kernels = new ArrayList<>();
        for (int tail = 0; tail < LinearTile.of(isa).vectors(); tail++) {
            kernels.add(new LinearKernel(isa, Activation.NONE, false, tail));
            kernels.add(new LinearKernel(isa, Activation.NONE, true, tail));
        }
        return kernels;
    }

    /** One product with random numbers. */
    @SuppressWarnings("ArrayRecordComponent")
    private record LinearCase(
            Isa isa,
            int rows,
            int depth,
            int columns,
            boolean residual,
            float[] a,
            float[] w,
            float[] bias,
            float[] r) {
        LinearCase(Isa isa, int rows, int depth, int columns, boolean residual, SplittableRandom random) {
            this(
                    isa,
                    rows,
                    depth,
                    columns,
                    residual,
                    KernelFixture.random(random, rows * depth),
                    KernelFixture.random(random, columns * depth),
                    KernelFixture.random(random, columns),
                    KernelFixture.random(random, rows * columns));
        }

        int check(KernelFixture fixture) {
            PackedWeights layout = new PackedWeights(isa, depth, columns);
            MemorySegment packed = fixture.allocate(layout.bytes());
            new WeightPacker(layout, (line, into) -> System.arraycopy(w, line * depth, into, 0, depth), bias, packed)
                    .pack(WeightPacker.Lines.COLUMNS);
            int strideA = KernelFixture.stride(depth);
            int strideC = KernelFixture.stride(columns);
            MemorySegment input = fixture.matrix(a, rows, depth);
            MemorySegment added = fixture.matrix(r, rows, columns);
            MemorySegment output = fixture.guarded((long) rows * strideC * 4);
            fixture.run(
                    LinearKernel.of(isa, Activation.NONE, residual, columns),
                    input,
                    (long) strideA,
                    packed,
                    added,
                    (long) strideC,
                    output,
                    (long) strideC,
                    0L,
                    (long) rows,
                    0L,
                    (long) layout.panels(),
                    (long) depth,
                    (long) columns);
            fixture.checkGuards();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    double want = bias[column] + (residual ? r[row * columns + column] : 0);
                    for (int k = 0; k < depth; k++) {
                        want += (double) a[row * depth + k] * w[column * depth + k];
                    }
                    float got = KernelFixture.get(output, strideC, row, column);
                    // Every rounding of the chain is at most half an ulp of a sum below depth + 2 (inputs are below 1).
                    assertThat((double) got)
                            .as("%s row %d column %d", this, row, column)
                            .isCloseTo(want, offset(Math.ulp(1f) * (depth + 2.0) * (depth + 2)));
                }
            }
            return rows * columns;
        }

        @Override
        public String toString() {
            return "m=%d n=%d k=%d residual=%s isa=%s".formatted(rows, columns, depth, residual, isa.label());
        }
    }
}
