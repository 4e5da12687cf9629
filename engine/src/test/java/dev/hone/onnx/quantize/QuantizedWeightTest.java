package dev.hone.onnx.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.Fuzz.Round;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class QuantizedWeightTest {
    @Test
    void bytesAreThoseOfTheirColumnsRange() {
        Fuzz.rounds(40).run(round -> {
            Tensor weight = draw(round, round.between(1, 40), round.between(1, 40));
            WeightScheme scheme = new WeightScheme(
                    round.oneOf(ByteType.U8, ByteType.S8), true, round.oneOf(true, false), round.oneOf(true, false));
            QuantizedWeight quantized = quantize(weight, scheme);
            long rows = weight.shape().dim(0).value();
            for (long column = 0; column < weight.shape().dim(1).value(); column++) {
                float lo = 0;
                float hi = 0;
                for (long row = 0; row < rows; row++) {
                    lo = Math.min(lo, (float) weight.getDouble(row, column));
                    hi = Math.max(hi, (float) weight.getDouble(row, column));
                }
                Affine affine = Affine.ofWeights(scheme, lo, hi);
                assertThat((float) quantized.scales().getDouble(column)).isEqualTo(affine.scale());
                assertThat(quantized.zeros().getLong(column)).isEqualTo(affine.zero());
                for (long row = 0; row < rows; row++) {
                    assertThat(quantized.bytes().getLong(row, column))
                            .isEqualTo(affine.quantized((float) weight.getDouble(row, column)));
                }
            }
        });
    }

    @Test
    void scalesOfColumnsNeverHaveALargerErrorThanOneScale() {
        Fuzz.rounds(40).run(round -> {
            // Bounds hold for every matrix; sums of squares are compared where there is enough to average over.
            Tensor weight = draw(round, round.between(60, 90), round.between(8, 40));
            ByteType type = round.oneOf(ByteType.U8, ByteType.S8);
            boolean reduced = round.oneOf(true, false);
            QuantizedWeight one = quantize(weight, new WeightScheme(type, false, true, reduced));
            QuantizedWeight columns = quantize(weight, new WeightScheme(type, true, true, reduced));
            for (long column = 0; column < weight.shape().dim(1).value(); column++) {
                assertThat(columns.scales().getDouble(column))
                        .isLessThanOrEqualTo(one.scales().getDouble());
            }
            assertThat(squaredError(weight, columns)).isLessThanOrEqualTo(squaredError(weight, one));
        });
    }

    @Test
    void weightsThatAreNotFiniteAreLeft() {
        Tensor weight = Tensor.ofFloats(Shape.of(1, 2), 1, Float.NaN);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(QuantizedWeight.of(weight, WeightScheme.SIGNED, arena)).isEmpty();
        }
    }

    private static QuantizedWeight quantize(Tensor weight, WeightScheme scheme) {
        return QuantizedWeight.of(weight, scheme, Arena.ofAuto()).orElseThrow();
    }

    /** Columns of different magnitude, as those of real models have. */
    private static Tensor draw(Round round, int rows, int columns) {
        float[] values = new float[rows * columns];
        float[] magnitudes = new float[columns];
        for (int column = 0; column < columns; column++) {
            magnitudes[column] = (float) Math.exp(round.random().nextDouble(-3, 1));
        }
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) round.random().nextDouble(-1, 1) * magnitudes[index % columns];
        }
        return Tensor.ofFloats(Shape.of(rows, columns), values);
    }

    private static double squaredError(Tensor weight, QuantizedWeight quantized) {
        double sum = 0;
        for (long row = 0; row < weight.shape().dim(0).value(); row++) {
            for (long column = 0; column < weight.shape().dim(1).value(); column++) {
                boolean single = quantized.scales().rank() == 0;
                double scale = single
                        ? quantized.scales().getDouble()
                        : quantized.scales().getDouble(column);
                long zero =
                        single ? quantized.zeros().getLong() : quantized.zeros().getLong(column);
                double error = scale * (quantized.bytes().getLong(row, column) - zero) - weight.getDouble(row, column);
                sum += error * error;
            }
        }
        return sum;
    }
}
