package dev.hone.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.testkit.Fuzz;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bytes of rows by values computed by hand, and the error bound that half a step and two roundings give. */
final class QuantizedRowTest {
    @Test
    void bothSignsShareTheBytes() {
        QuantizedRow row = QuantizedRow.of(-55, 200, 0, 0.5f, 1.5f, 99.4f);
        assertThat(row.zero()).isEqualTo(55);
        assertThat(row.step()).isEqualTo(1f);
        assertThat(bytes(row)).as("ties go to even").containsExactly(0, 255, 55, 56, 56, 154);
        assertThat(row.restored(0)).isEqualTo(-55f);
    }

    @Test
    void zeroIsExactInRowsOfOneSign() {
        assertThat(bytes(QuantizedRow.of(0, 51, 255))).containsExactly(0, 51, 255);
        QuantizedRow negative = QuantizedRow.of(-255, -51, 0);
        assertThat(bytes(negative)).containsExactly(0, 204, 255);
        assertThat(negative.restored(2)).isZero();
    }

    @Test
    void aFixedRangeCutsOffWhatLiesBeyond() {
        RowRange range = new RowRange(-55, 200);
        QuantizedRow row = QuantizedRow.within(range, -56, -55, 0, 0.5f, 200, 1e30f);
        assertThat(row.zero()).isEqualTo(55);
        assertThat(row.step()).isEqualTo(1f);
        assertThat(bytes(row)).containsExactly(0, 0, 55, 56, 255, 255);
        assertThat(QuantizedRow.within(range, 1, Float.NaN).step()).isNaN();
        assertThat(range.symmetric()).isEqualTo(new RowRange(-200, 200));
        assertThat(range.symmetric().zero()).isEqualTo(128);
        assertThat(RowRange.parse(range.toString())).isEqualTo(range);
        assertThat(RowRange.parse("own").isOwn()).isTrue();
        assertThat(RowRange.of(1e-35, 2e-35)).isEqualTo(RowRange.OWN);
        assertThatThrownBy(() -> new RowRange(1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RowRange.parse("1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rowsOfZerosHaveNoStep() {
        QuantizedRow row = QuantizedRow.of(0, -0f);
        assertThat(row.step()).isZero();
        assertThat(bytes(row)).containsExactly(0, 0);
    }

    @Test
    void rangesWithoutAFiniteInverseStayBytes() {
        QuantizedRow row = QuantizedRow.of(Float.MIN_VALUE, -Float.MIN_VALUE, 0);
        assertThat(IntStream.of(bytes(row)).filter(value -> value >= 0 && value <= 255))
                .hasSize(3);
        assertThat(row.restored(0)).isBetween(-1e-36f, 1e-36f);
    }

    /** A column that is 1000 times the others, mixed with three more, reaches over all bytes in four columns. */
    @Test
    void aColumnThatStandsOutIsSpread() {
        float[] values = new float[64];
        Arrays.fill(values, 1);
        values[5] = 1000;
        QuantizedRow row = QuantizedRow.of(values);
        assertThat(row.step()).isEqualTo(1003 / 255f);
        assertThat(row.restored(5)).isEqualTo(row.step() * 255);
        assertThat(row.restored(21)).isCloseTo(999, within(row.step()));
    }

    @Test
    void noValueMovesByMoreThanAStep() {
        Fuzz.rounds(500).run(round -> {
            float magnitude = (float) Math.pow(10, round.between(-20, 20));
            float[] values = round.floats(round.between(1, 300), magnitude);
            for (int index = 0; index < values.length / 2; index++) {
                values[index] = Math.abs(values[index]);
            }
            QuantizedRow row = QuantizedRow.of(values);
            float[] mixed = values.clone();
            new Rotation(values.length).apply(mixed);
            for (int index = 0; index < values.length; index++) {
                assertThat(row.restored(index)).isCloseTo(mixed[index], within(row.step() * 1.001f));
            }
        });
    }

    private static int[] bytes(QuantizedRow row) {
        return IntStream.range(0, row.count()).map(row::value).toArray();
    }
}
