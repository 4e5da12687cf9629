package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.hone.machine.Isa;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
