package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.kernel.EmbeddingKernel.WordType;
import dev.hone.kernel.PoolKernel.Pooling;
import dev.hone.machine.Isa;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("native")
class RowKernelsTest {
    private static final int ROWS = 5;
    private static final float EPSILON = 1e-5f;

    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void layerNormAgreesWithDoublePrecision(Isa isa) {
        for (int columns : new int[] {1, 2, 3, 7, 16, 26, 65, 130, 312, 384}) {
            for (boolean residual : new boolean[] {false, true}) {
                layerNorm(new LayerNormKernel(isa, columns, residual, RowForm.FLOATS));
            }
        }
    }

    private static void layerNorm(LayerNormKernel kernel) {
        SplittableRandom random = new SplittableRandom(11);
        int columns = kernel.columns();
        float[] x = KernelFixture.random(random, ROWS * columns);
        float[] added = KernelFixture.random(random, ROWS * columns);
        float[] gamma = KernelFixture.random(random, columns);
        float[] beta = KernelFixture.random(random, columns);
        long stride = KernelFixture.stride(columns);
        try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
            MemorySegment output = fixture.guarded(ROWS * stride * 4);
            fixture.run(
                    kernel,
                    fixture.matrix(x, ROWS, columns),
                    stride,
                    fixture.matrix(added, ROWS, columns),
                    stride,
                    fixture.matrix(gamma, 1, columns),
                    fixture.matrix(beta, 1, columns),
                    output,
                    stride,
                    output,
                    stride,
                    0L,
                    (long) ROWS,
                    EPSILON);
            fixture.checkGuards();
            for (int row = 0; row < ROWS; row++) {
                double[] sums = new double[columns];
                for (int column = 0; column < columns; column++) {
                    float more = kernel.residual() ? added[row * columns + column] : 0;
                    sums[column] = x[row * columns + column] + more;
                }
                checkNormalized(kernel.line(), sums, gamma, beta, output.asSlice(row * stride * 4));
            }
        }
    }

    /**
     * The mean is off by (columns + 6) ulp of the largest value at most, and the centred values with it; the deviation
     * divides that, and adds a few ulp of the result.
     */
    private static void checkNormalized(String line, double[] x, float[] gamma, float[] beta, MemorySegment output) {
        double mean = 0;
        double largest = 0;
        for (double value : x) {
            mean += value / x.length;
            largest = Math.max(largest, Math.abs(value));
        }
        double variance = 0;
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double inverse = 1 / Math.sqrt(variance + EPSILON);
        double ulp = Math.ulp(1f);
        for (int column = 0; column < x.length; column++) {
            double scaled = (x[column] - mean) * inverse;
            double want = scaled * gamma[column] + beta[column];
            double depth = x.length / 16.0 + 8;
            double bound = ulp
                            * depth
                            * (largest * inverse + Math.abs(scaled) * (1 + largest * largest * inverse * inverse))
                            * Math.abs(gamma[column])
                    + 2 * ulp * Math.abs(beta[column])
                    + ulp * ulp;
            double got = output.getAtIndex(ValueLayout.JAVA_FLOAT, column);
            assertThat(Math.abs(got - want))
                    .as("%s column %d: %s, not %s", line, column, got, want)
                    .isLessThan(bound);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void embeddingAddsTheRowsOfItsTables(Isa isa) {
        for (int columns : new int[] {3, 30, 64, 100}) {
            for (WordType type : WordType.values()) {
                embedding(new EmbeddingKernel(isa, columns, type, true));
                embedding(new EmbeddingKernel(isa, columns, type, false));
            }
        }
    }

    private static void embedding(EmbeddingKernel kernel) {
        SplittableRandom random = new SplittableRandom(13);
        int columns = kernel.columns();
        int vocabulary = 9;
        float[] words = KernelFixture.random(random, vocabulary * columns);
        words[0] = 1e-6f; // Subnormal as binary16.
        float[] types = KernelFixture.random(random, 2 * columns);
        float[] positions = KernelFixture.random(random, ROWS * columns);
        float[] gamma = KernelFixture.random(random, columns);
        float[] beta = KernelFixture.random(random, columns);
        int[] ids = {0, 8, 3, 0, 7};
        int[] segments = {0, 1, 1, 0, 0};
        int[] places = {4, 0, 2, 1, 3};
        long stride = KernelFixture.stride(columns);
        try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
            MemorySegment output = fixture.guarded(ROWS * stride * 4);
            fixture.run(
                    kernel,
                    fixture.integers(ids),
                    fixture.integers(segments),
                    fixture.integers(places),
                    wordTable(fixture, kernel.wordType(), words),
                    (long) columns,
                    fixture.exact(types),
                    (long) columns,
                    fixture.exact(positions),
                    (long) columns,
                    fixture.exact(gamma),
                    fixture.exact(beta),
                    output,
                    stride,
                    0L,
                    (long) ROWS,
                    EPSILON);
            fixture.checkGuards();
            for (int row = 0; row < ROWS; row++) {
                double[] sums = new double[columns];
                for (int column = 0; column < columns; column++) {
                    float sum = rounded(kernel.wordType(), words[ids[row] * columns + column]);
                    sum += kernel.types() ? types[segments[row] * columns + column] : 0;
                    sums[column] = sum + positions[places[row] * columns + column];
                }
                checkNormalized(kernel.line(), sums, gamma, beta, output.asSlice(row * stride * 4));
            }
        }
    }

    private static MemorySegment wordTable(KernelFixture fixture, WordType type, float[] words) {
        if (type == WordType.F32) {
            return fixture.exact(words);
        }
        MemorySegment table = fixture.guarded(words.length * 2L);
        for (int index = 0; index < words.length; index++) {
            short bits = type == WordType.F16
                    ? Float.floatToFloat16(words[index])
                    : (short) (Float.floatToRawIntBits(words[index]) >>> 16);
            table.setAtIndex(ValueLayout.JAVA_SHORT, index, bits);
        }
        return table;
    }

    private static float rounded(WordType type, float value) {
        return switch (type) {
            case F32 -> value;
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            case BF16 -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000);
        };
    }

    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void poolingCombinesTheRowsOfASequence(Isa isa) {
        List<PoolKernel> kernels = new ArrayList<>();
        for (int columns : new int[] {1, 26, 64, 384}) {
            for (Pooling pooling : Pooling.values()) {
                kernels.add(new PoolKernel(isa, columns, pooling, false));
                kernels.add(new PoolKernel(isa, columns, pooling, true));
            }
        }
        try (KernelFixture fixture = new KernelFixture(kernels)) {
            for (PoolKernel kernel : kernels) {
                for (int length : new int[] {1, 2, 9}) {
                    pool(fixture, kernel, length);
                }
            }
        }
    }

    private static void pool(KernelFixture fixture, PoolKernel kernel, int length) {
        int columns = kernel.columns();
        float[] x = KernelFixture.random(new SplittableRandom(17), (length + 2) * columns);
        long stride = KernelFixture.stride(columns);
        MemorySegment output = fixture.guarded(columns * 4L);
        fixture.run(kernel, fixture.matrix(x, length + 2, columns), stride, 1L, 1L + length, output);
        fixture.checkGuards();
        double[] want = new double[columns];
        double squares = 0;
        for (int column = 0; column < columns; column++) {
            want[column] = x[columns + column];
            for (int row = 2; row <= length; row++) {
                double value = x[row * columns + column];
                want[column] = switch (kernel.pooling()) {
                    case MEAN -> want[column] + value;
                    case MAX -> Math.max(want[column], value);
                    case CLS -> want[column];
                };
            }
            want[column] /= kernel.pooling() == Pooling.MEAN ? length : 1;
            squares += want[column] * want[column];
        }
        double divisor = kernel.normalized() ? Math.max(Math.sqrt(squares), 1e-12) : 1;
        for (int column = 0; column < columns; column++) {
            // A sum of some rows below 1 in size, its mean, and a length of columns / 64 + 6 roundings.
            double bound = Math.ulp(1f) * (length + columns / 64 + 8) * Math.max(1, 1 / divisor);
            assertThat((double) output.getAtIndex(ValueLayout.JAVA_FLOAT, column))
                    .as("%s length %d column %d", kernel.line(), length, column)
                    .isBetween(want[column] / divisor - bound, want[column] / divisor + bound);
        }
    }
}
