package dev.hone.onnx.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.Fuzz.Round;
import org.junit.jupiter.api.Test;

class WholeBiasTest {
    @Test
    void eachNumberIsTheNearest() {
        Fuzz.rounds(60).run(round -> {
            int columns = round.between(1, 30);
            float[] bias = draw(round, columns, 3);
            float[] value = draw(round, 1, 0.1);
            float[] weight = draw(round, round.oneOf(1, columns), 0.1);
            WholeBias whole = WholeBias.of(Tensor.ofFloats(Shape.of(columns), bias), value, weight)
                    .orElseThrow();
            assertThat(whole.scales().elementCount()).isEqualTo(weight.length);
            assertThat(whole.zeros().toLongArray()).containsOnly(0);
            float[] scales = whole.scales().toFloatArray();
            for (int column = 0; column < columns; column++) {
                float scale = scales[weight.length == 1 ? 0 : column];
                assertThat(scale).isEqualTo(value[0] * weight[weight.length == 1 ? 0 : column]);
                double restored = whole.numbers().getLong(column) * (double) scale;
                // A quotient in double precision is rounded, which moves what lies half-way by its last place.
                assertThat(Math.abs(restored - bias[column])).isLessThanOrEqualTo(scale * (0.5 + 1e-6));
            }
        });
    }

    private static float[] draw(Round round, int count, double largest) {
        float[] numbers = new float[count];
        for (int index = 0; index < count; index++) {
            numbers[index] = (float) (largest * (0.001 + round.between(0, 1_000_000) / 1e6));
        }
        return numbers;
    }

    @Test
    void whatDoesNotFitIsNothing() {
        Tensor bias = Tensor.ofFloats(Shape.of(2), 1, -3);
        assertThat(WholeBias.of(bias, new float[] {1e-6f}, new float[] {1e-6f})).isEmpty();
        assertThat(WholeBias.of(bias, new float[] {1e-30f}, new float[] {1e-30f}))
                .isEmpty();
        assertThat(WholeBias.of(bias, new float[] {1}, new float[] {1, 1, 1})).isEmpty();
        assertThat(WholeBias.of(bias, new float[] {1e-4f}, new float[] {1e-4f, 1e-4f}))
                .isPresent();
    }
}
