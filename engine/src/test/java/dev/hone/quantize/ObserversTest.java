package dev.hone.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.HoneException;
import dev.hone.tensor.RowRange;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of known distributions. */
final class ObserversTest {
    /** Normal numbers, and one in ten thousand that is a hundred times as large. */
    private static float[] withOutliers() {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[200_000];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian() * (index % 40_000 == 7 ? 100 : 1);
        }
        values[0] = 80;
        return values;
    }

    private static RowRange range(RangeMethod method, float[]... texts) {
        Observer observer = method.observer();
        for (float[] text : texts) {
            observer.observe(text);
        }
        return observer.range();
    }

    @Test
    void extremesCutNothingOff() {
        assertThat(range(RangeMethod.MINMAX, new float[] {1, 5}, new float[] {-2}, new float[] {4}))
                .isEqualTo(new RowRange(-2, 5));
        assertThat(range(RangeMethod.MINMAX, new float[] {3, 5})).isEqualTo(new RowRange(0, 5));
    }

    @Test
    void averagesGiveEachTextItsPart() {
        assertThat(range(RangeMethod.AVERAGE, new float[] {-4, 1}, new float[] {2, 3, -2}, new float[] {8, -6}))
                .isEqualTo(new RowRange(-4, 4));
        float[][] texts = new float[300][];
        Arrays.setAll(texts, text -> new float[] {text < 100 ? 1 : 2});
        assertThat(range(RangeMethod.AVERAGE, texts).high()).isCloseTo(2 - (float) Math.pow(0.99, 200), within(1e-3f));
    }

    /** The 99.995 % point of normal numbers lies at 3.89. */
    @Test
    void percentilesLeaveTheEndsAway() {
        RowRange range = range(RangeMethod.PERCENTILE, withOutliers());
        assertThat(range.high()).isBetween(3.6f, 4.4f);
        assertThat(range.low()).isBetween(-4.4f, -3.6f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {90, 99, 99.9})
    void percentilesAreThoseOfTheSortedNumbersButForABin(double percentile) {
        float[] values = withOutliers();
        Observer observer = RangeMethod.PERCENTILE.observer(percentile);
        observer.observe(values);
        Arrays.sort(values);
        int cut = (int) ((100 - percentile) / 200 * values.length);
        // Bins reach to the power of 2 above the largest magnitude, which is at most twice as large, in 2048 bins.
        float bin = 2 * Math.max(-values[0], values[values.length - 1]) / 2048;
        assertThat(observer.range().low()).isCloseTo(values[cut], within(bin));
        assertThat(observer.range().high()).isCloseTo(values[values.length - 1 - cut], within(bin));
    }

    @ParameterizedTest
    @EnumSource(RangeMethod.class)
    void whatIsNotFiniteIsLeftOut(RangeMethod method) {
        float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        assertThat(range(method, odd)).isEqualTo(RowRange.OWN);
        RowRange range = range(method, odd, new float[] {-2, 0, 3});
        assertThat(range.low()).isBetween(-2f, 0f);
        assertThat(range.high()).isBetween(0f, 3f);
    }

    @Test
    void entropyCutsOutliersAndKeepsWhatIsUsual() {
        RowRange range = range(RangeMethod.ENTROPY, withOutliers());
        assertThat(range.high()).isBetween(3f, 40f);
        SplittableRandom random = new SplittableRandom(5);
        float[] even = new float[50_000];
        for (int index = 0; index < even.length; index++) {
            even[index] = random.nextFloat();
        }
        assertThat(range(RangeMethod.ENTROPY, even).high()).isCloseTo(1, within(0.02f));
    }

    @ParameterizedTest
    @EnumSource(RangeMethod.class)
    void splittingTheRowsChangesNothingButAverages(RangeMethod method) {
        float[] values = withOutliers();
        float[] first = Arrays.copyOf(values, 777);
        float[] second = Arrays.copyOfRange(values, 777, values.length);
        if (method != RangeMethod.AVERAGE) {
            assertThat(range(method, second, first)).isEqualTo(range(method, values));
        }
        assertThat(range(method, new float[4])).isEqualTo(RowRange.OWN);
        assertThat(range(method, new float[] {0x1p-140f, 0x1p100f, -0x1p-140f}).high())
                .isPositive();
        assertThat(RangeMethod.parse(method.label())).isEqualTo(method);
    }

    @Test
    void unknownMethodsAreRefusedWithTheNearest() {
        assertThatThrownBy(() -> RangeMethod.parse("guess"))
                .isInstanceOf(HoneException.class)
                .hasMessage("unknown calibration 'guess': use one of minmax, average, percentile, entropy");
        assertThatThrownBy(() -> RangeMethod.parse("minmx")).hasMessageEndingWith("; did you mean minmax?");
    }
}
