package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.machine.Isa;
import dev.hone.tensor.Float16;
import dev.hone.tensor.QuantizedRow;
import dev.hone.tensor.RowRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("native")
class RowFormTest {
    private static final int[] COLUMNS = {1, 2, 3, 4, 15, 16, 18, 30, 32, 64, 77, 192, 384, 768};

    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void quantisesEachRowAsPlainArithmeticDoes(Isa isa) {
        SplittableRandom random = new SplittableRandom(9);
        for (int columns : COLUMNS) {
            ConvertKernel kernel = new ConvertKernel(isa, columns, RowForm.QUANTIZED);
            try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
                for (float[] row : rows(random, columns)) {
                    MemorySegment output = fixture.guarded(4L * RowForm.QUANTIZED.words(columns));
                    fixture.run(kernel, fixture.exact(row), (long) columns, output, 0L, 0L, 1L);
                    fixture.checkGuards();
                    check(kernel.line(), QuantizedRow.of(row), row, output);
                }
            }
        }
    }

    /** Bit for bit as defined; what lies beyond the range is cut off. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void quantisesWithinAFixedRange(Isa isa) {
        SplittableRandom random = new SplittableRandom(11);
        List<RowRange> ranges = List.of(
                new RowRange(-1, 1), new RowRange(0, 0.3f), new RowRange(-0.7f, 0), new RowRange(-1e-20f, 1e20f));
        for (int columns : COLUMNS) {
            QuantizeKernel kernel = new QuantizeKernel(isa, columns);
            try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
                for (float[] row : rows(random, columns)) {
                    for (RowRange range : ranges) {
                        MemorySegment output = fixture.guarded(4L * RowForm.QUANTIZED.words(columns));
                        MemorySegment facts = fixture.exact(
                                new float[] {range.inverse(), range.step(), Float.intBitsToFloat(range.zero())});
                        fixture.run(kernel, fixture.exact(row), (long) columns, output, 0L, 0L, 1L, facts);
                        fixture.checkGuards();
                        check(range.toString(), QuantizedRow.within(range, row), row, output);
                    }
                }
            }
        }
    }

    /** Bit for bit; bytes of rows whose step is not finite are any. */
    private static void check(String what, QuantizedRow wanted, float[] row, MemorySegment output) {
        long facts = 4L * Math.ceilDiv(row.length, 4);
        assertThat(output.get(ValueLayout.JAVA_FLOAT, facts)).as(what).isEqualTo(Float.valueOf(wanted.step()));
        if (!Float.isFinite(wanted.step())) {
            return;
        }
        assertThat(output.get(ValueLayout.JAVA_INT, facts + 4)).as(what).isEqualTo(wanted.zero());
        for (int column = 0; column < row.length; column++) {
            assertThat(output.get(ValueLayout.JAVA_BYTE, column) & 0xff)
                    .as("%s column %d of %s", what, column, Arrays.toString(row))
                    .isEqualTo(wanted.value(column));
        }
    }

    /** Both signs, one sign, all alike, outliers, the smallest and the largest numbers, and what is no number. */
    private static List<float[]> rows(SplittableRandom random, int columns) {
        float[] mixed = KernelFixture.random(random, columns);
        float[] positive = mixed.clone();
        float[] negative = mixed.clone();
        float[] outlier = mixed.clone();
        float[] tiny = mixed.clone();
        float[] huge = mixed.clone();
        float[] infinite = mixed.clone();
        float[] none = mixed.clone();
        float[] halves = mixed.clone();
        for (int index = 0; index < columns; index++) {
            positive[index] = Math.abs(mixed[index]) + 3;
            negative[index] = -Math.abs(mixed[index]) - 3;
            tiny[index] *= Float.MIN_VALUE * 50;
            huge[index] *= Float.MAX_VALUE;
            halves[index] = random.nextInt(-10, 256) / 2f;
        }
        outlier[columns / 2] = 1e6f;
        infinite[columns / 2] = Float.NEGATIVE_INFINITY;
        none[columns / 2] = Float.NaN;
        return List.of(mixed, positive, negative, outlier, tiny, huge, infinite, none, halves, new float[columns]);
    }

    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void roundsToBfloatsWithAZeroBehindAnOddLastOne(Isa isa) {
        if (!isa.hasBfloatProducts()) {
            assertThatThrownBy(() -> new ConvertKernel(isa, 3, RowForm.BFLOATS))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        for (int columns : COLUMNS) {
            ConvertKernel kernel = new ConvertKernel(isa, columns, RowForm.BFLOATS);
            try (KernelFixture fixture = new KernelFixture(List.of(kernel))) {
                float[] row = KernelFixture.random(new SplittableRandom(4), columns);
                MemorySegment output = fixture.guarded(4L * RowForm.BFLOATS.words(columns));
                fixture.run(kernel, fixture.exact(row), (long) columns, output, 0L, 0L, 1L);
                fixture.checkGuards();
                for (int column = 0; column < columns; column++) {
                    assertThat(output.getAtIndex(ValueLayout.JAVA_SHORT, column))
                            .isEqualTo(Float16.toBfloat16(row[column]));
                }
                if (columns % 2 == 1) {
                    assertThat(output.getAtIndex(ValueLayout.JAVA_SHORT, columns))
                            .isZero();
                }
            }
        }
    }

    /** What a normalisation writes beside its floats is what a conversion of them gives. */
    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void layerNormWritesASecondForm(Isa isa) {
        for (int columns : new int[] {77, 128}) {
            checkSecondForm(isa, columns);
        }
    }

    private static void checkSecondForm(Isa isa, int columns) {
        LayerNormKernel norm = new LayerNormKernel(isa, columns, true, RowForm.QUANTIZED);
        ConvertKernel conversion = new ConvertKernel(isa, columns, RowForm.QUANTIZED);
        float[] x = KernelFixture.random(new SplittableRandom(6), columns);
        try (KernelFixture fixture = new KernelFixture(List.of(norm, conversion))) {
            MemorySegment input = fixture.exact(x);
            MemorySegment output = fixture.allocate(4L * columns);
            MemorySegment second = fixture.guarded(4L * RowForm.QUANTIZED.words(columns));
            fixture.run(norm, input, 0L, input, 0L, input, input, output, 0L, second, 0L, 0L, 1L, 1e-5f);
            MemorySegment expected = fixture.guarded(4L * RowForm.QUANTIZED.words(columns));
            fixture.run(conversion, output, 0L, expected, 0L, 0L, 1L);
            fixture.checkGuards();
            // Bytes between the last column and the row's facts hold nothing.
            assertThat(second.asSlice(0, columns).mismatch(expected.asSlice(0, columns)))
                    .isEqualTo(-1);
            long facts = 4L * Math.ceilDiv(columns, 4);
            assertThat(second.asSlice(facts, 8).mismatch(expected.asSlice(facts, 8)))
                    .isEqualTo(-1);
        }
    }
}
