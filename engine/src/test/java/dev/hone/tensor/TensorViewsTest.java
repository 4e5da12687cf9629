package dev.hone.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tensors whose elements are computed as they are read: by lines, by places and transposed they are the same. */
final class TensorViewsTest {
    private static final Tensor FLOATS = Tensor.ofFloats(Shape.of(2, 3), 1, -2, 4, 0.5f, 1.001f, -65536);

    @Test
    void quantizedRowsHaveTheirOwnScale() {
        Tensor bytes = Tensor.quantized(FLOATS, 4 / 127f, 512);
        assertThat(bytes.type()).isEqualTo(DType.I8);
        assertThat(bytes.toLongArray()).as("ties go to even").containsExactly(32, -64, 127, 0, 0, -127);
        agrees(bytes);
    }

    @Test
    void quantizedRowsOfZerosStayZero() {
        assertThat(Tensor.quantized(Tensor.ofFloats(Shape.of(1, 2), 0, -0f), 0).toLongArray())
                .containsExactly(0, 0);
    }

    /** Ties go to even; a group's scale may be negative or zero; the last group of a row is shorter. */
    @Test
    void groupsOfNibblesHaveTheirOwnScale() {
        float[] row = new float[34];
        row[0] = 8;
        row[1] = -7.5f;
        row[31] = 0.5f;
        row[32] = 3;
        row[33] = -100;
        Tensor pair = Tensor.concatenate(
                0, List.of(Tensor.ofFloats(Shape.of(1, 34), row), Tensor.ofFloats(Shape.of(1, 34), row)));
        Tensor nibbles = Tensor.nibbles(pair, -1, 2, 0, 0.5f);
        assertThat(nibbles.type()).isEqualTo(DType.I8);
        long[] values = nibbles.toLongArray();
        assertThat(List.of(values[0], values[1], values[31], values[32], values[33]))
                .containsExactly(-8L, 7L, 0L, 2L, -8L);
        assertThat(List.of(values[34], values[35], values[65], values[66], values[67]))
                .containsExactly(0L, 0L, 0L, 6L, -8L);
        agrees(nibbles);
        assertThatThrownBy(() -> Tensor.nibbles(pair, 1, 2)).hasMessageContaining("2 scales for groups of f32[2, 34]");
    }

    @Test
    void joinedViewsOfTransposedFilesAreQuantized() {
        Tensor joined = Tensor.concatenate(0, List.of(FLOATS.transposed(), FLOATS.transposed()));
        Tensor bytes = Tensor.quantized(joined, 1, 1, 1, 1, 1, 1024);
        assertThat(bytes.toLongArray()).containsExactly(1, 0, -2, 1, 4, -127, 1, 0, -2, 1, 0, -64);
        agrees(bytes);
    }

    @Test
    void scaledColumnsAreMultiplied() {
        Tensor scaled = Tensor.scaled(FLOATS, 1, 2, 10, 0.5f);
        assertThat(scaled.toFloatArray()).containsExactly(2, -20, 2, 1, 1.001f * 10, -32768);
        agrees(scaled);
    }

    @Test
    void narrowedFloatsAreRounded() {
        Tensor bfloats = Tensor.converted(FLOATS, DType.BF16);
        assertThat(bfloats.toFloatArray()).containsExactly(1, -2, 4, 0.5f, 1, -65536);
        agrees(bfloats);
        Tensor halves = Tensor.converted(FLOATS, DType.F16);
        assertThat(halves.toFloatArray()).containsExactly(1, -2, 4, 0.5f, 1.0009766f, Float.NEGATIVE_INFINITY);
        agrees(halves);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> Tensor.quantized(FLOATS, 1)).hasMessageContaining("1 scales for f32[2, 3]");
        assertThatThrownBy(() -> Tensor.scaled(FLOATS, 1, 1, 2)).hasMessageContaining("2 factors along axis 1");
        assertThatThrownBy(() -> Tensor.converted(FLOATS, DType.I8)).hasMessageContaining("f32 is not viewed as i8");
    }

    private static void agrees(Tensor tensor) {
        Tensor turned = tensor.transposed();
        assertThat(turned.type()).isEqualTo(tensor.type());
        int rows = (int) tensor.shape().dim(0).value();
        int columns = (int) tensor.shape().dim(1).value();
        for (int row = 0; row < rows; row++) {
            float[] line = new float[columns - 1];
            tensor.readLine(1, new long[] {row, 1}, line, line.length);
            float[] turnedLine = new float[columns - 1];
            turned.readLine(0, new long[] {1, row}, turnedLine, turnedLine.length);
            assertThat(turnedLine).containsExactly(line);
            for (int column = 1; column < columns; column++) {
                assertThat(line[column - 1]).isEqualTo((float) tensor.getDouble(row, column));
                assertThat(tensor.getDouble(row, column)).isEqualTo(turned.getDouble(column, row));
            }
        }
    }
}
