package dev.hone.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.testkit.Fuzz;
import org.junit.jupiter.api.Test;

/** Mixing by values computed by hand, and what makes it a rotation. */
final class RotationTest {
    @Test
    void asManyPartsAsDivideARowIntoVectors() {
        assertThat(new Rotation(768).parts()).isEqualTo(8);
        assertThat(new Rotation(384).width()).isEqualTo(48);
        assertThat(new Rotation(64).parts()).isEqualTo(4);
        assertThat(new Rotation(32).parts()).isEqualTo(2);
        assertThat(new Rotation(312).parts()).isEqualTo(1);
        assertThat(new Rotation(1).parts()).isEqualTo(1);
    }

    @Test
    void aPartsColumnsAreAddedAndSubtracted() {
        float[] row = new float[64];
        row[0] = 1;
        row[16] = 10;
        row[32] = 100;
        row[48] = 1000;
        row[63] = 7;
        new Rotation(64).apply(row);
        assertThat(row[0]).isEqualTo(1111);
        assertThat(row[16]).isEqualTo(1 - 10 + 100 - 1000);
        assertThat(row[32]).isEqualTo(1 + 10 - 100 - 1000);
        assertThat(row[48]).isEqualTo(1 - 10 - 100 + 1000);
        assertThat(new float[] {row[15], row[31], row[47], row[63]}).containsExactly(7, -7, -7, 7);
    }

    @Test
    void twiceIsTheRowTimesTheParts() {
        Fuzz.rounds(100).run(round -> {
            int columns = 16 * round.between(1, 24);
            float[] row = new float[columns];
            for (int index = 0; index < columns; index++) {
                row[index] = round.between(-1000, 1000);
            }
            float[] mixed = row.clone();
            Rotation rotation = new Rotation(columns);
            rotation.apply(mixed);
            rotation.apply(mixed);
            for (int index = 0; index < columns; index++) {
                assertThat(mixed[index]).isEqualTo(row[index] * rotation.parts());
            }
        });
    }

    /** Rows, columns, parts of both and single elements have the same bits, whichever way they are read. */
    @Test
    void mixedMatricesReadTheSameAlongBothAxes() {
        Fuzz.rounds(100).run(round -> {
            int rows = round.between(1, 5);
            int columns = 16 * round.between(1, 24);
            Tensor matrix = Tensor.ofFloats(Shape.of(rows, columns), round.floats(rows * columns, 3));
            Tensor mixed = Tensor.mixed(matrix);
            int row = round.between(0, rows - 1);
            float[] wanted = new float[columns];
            matrix.readLine(1, new long[] {row, 0}, wanted, columns);
            Rotation rotation = new Rotation(columns);
            rotation.apply(wanted);
            float[] line = new float[columns];
            mixed.readLine(1, new long[] {row, 0}, line, columns);
            int first = round.between(0, columns - 1);
            float[] some = new float[columns - first];
            mixed.transposed().readLine(0, new long[] {first, row}, some, some.length);
            for (int column = 0; column < columns; column++) {
                float value = wanted[column] / rotation.parts();
                assertThat(line[column]).isEqualTo(value);
                assertThat((float) mixed.getDouble(row, column)).isEqualTo(value);
                float[] crossing = new float[rows - row];
                mixed.readLine(0, new long[] {row, column}, crossing, crossing.length);
                assertThat(crossing[0]).isEqualTo(value);
                if (column >= first) {
                    assertThat(some[column - first]).isEqualTo(value);
                }
            }
        });
    }

    @Test
    void onlyMatricesOfFloatsAreMixed() {
        assertThatThrownBy(() -> Tensor.mixed(Tensor.ofLongs(Shape.of(1, 16), new long[16])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[1, 16]");
        Tensor odd = Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3);
        assertThat(Tensor.mixed(odd)).isSameAs(odd);
    }
}
