package dev.hone.onnx.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.testkit.Fuzz;
import org.junit.jupiter.api.Test;

class AffineTest {
    @Test
    void bytesOfValuesAreThoseOfTheDefinition() {
        Fuzz.rounds(200).run(round -> {
            float lo = (float) round.random().nextDouble(-4, 1);
            float hi = (float) round.random().nextDouble(-1, 4);
            ByteType type = round.oneOf(ByteType.U8, ByteType.S8);
            Affine affine = Affine.ofRange(type, false, lo, hi);
            float range = Math.max(hi, 0) - Math.min(lo, 0);
            float scale = range == 0 ? 1 : range / 255f;
            assertThat(affine.scale()).isEqualTo(scale);
            long zero = Math.round(Math.rint(type.smallest() - Math.min(lo, 0) / scale));
            assertThat(affine.zero()).isEqualTo((int) zero);
            for (int index = 0; index < 20; index++) {
                float value = (float) round.random().nextDouble(-5, 5);
                long free = (long) Math.rint(value / scale) + zero;
                long limited = Math.max(type.smallest(), Math.min(type.largest(), free));
                assertThat(affine.quantized(value)).isEqualTo((int) limited);
            }
        });
    }

    @Test
    void zeroIsExactAndEndsAreWithinHalfAStep() {
        Fuzz.rounds(200).run(round -> {
            float lo = (float) -round.random().nextDouble(0, 9);
            float hi = (float) round.random().nextDouble(0, 9);
            for (boolean symmetric : new boolean[] {false, true}) {
                Affine affine = Affine.ofRange(ByteType.U8, symmetric, lo, hi);
                assertThat(affine.restored(affine.quantized(0))).isZero();
                // Half a step for the value and half a step for where zero was rounded to.
                for (float value : new float[] {lo, hi, lo / 3, hi / 3}) {
                    float restored = affine.restored(affine.quantized(value));
                    assertThat(Math.abs(restored - value)).isLessThanOrEqualTo(affine.scale() * 1.0001f);
                }
            }
        });
    }

    @Test
    void symmetricRangesHaveTheMiddleByteForZero() {
        assertThat(Affine.ofRange(ByteType.U8, true, -1, 2)).isEqualTo(new Affine(2f / 127, 128, 1, 255));
        assertThat(Affine.ofRange(ByteType.S8, true, -1, 2)).isEqualTo(new Affine(2f / 127, 0, -127, 127));
    }

    @Test
    void sumsOfTwoProductsWithReducedWeightsFitSixteenBits() {
        for (boolean symmetric : new boolean[] {false, true}) {
            Affine affine = Affine.ofWeights(new WeightScheme(ByteType.S8, false, symmetric, true), -1, 1);
            assertThat(2 * 255 * affine.quantized(1)).isLessThanOrEqualTo(Short.MAX_VALUE);
            assertThat(2 * 255 * affine.quantized(-1)).isGreaterThanOrEqualTo(Short.MIN_VALUE);
        }
        WeightScheme full = WeightScheme.SIGNED;
        assertThat(2 * 255 * Affine.ofWeights(full, -1, 1).quantized(1)).isGreaterThan(Short.MAX_VALUE);
        assertThat(full.canSaturate()).isTrue();
    }

    @Test
    void rangesOfNothingHaveTheScaleOne() {
        assertThat(Affine.ofRange(ByteType.U8, false, 0, 0)).isEqualTo(new Affine(1, 0, 0, 255));
        assertThat(Affine.ofRange(ByteType.S8, true, 0, 1e-40f).scale()).isEqualTo(1);
    }
}
