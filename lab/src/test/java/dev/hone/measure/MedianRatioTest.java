package dev.hone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MedianRatioTest {
    @Test
    void describesAsPandasDoes() {
        Description description = Description.of(new double[] {4, 1, 3, 2});
        assertThat(description).isEqualTo(new Description(4, 2.5, Math.sqrt(5.0 / 3), 1, 1.75, 2.5, 3.25, 4));
        assertThat(Description.of(new double[] {7})).isEqualTo(new Description(1, 7, 0, 7, 7, 7, 7, 7));
    }

    /** By the same formula with Python's erfc. */
    @Test
    void ranksAreTestedAsElsewhere() {
        double[] first = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
        double[] second = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
        assertThat(MedianRatio.rankTest(first, second)).isCloseTo(0.13291946, within(1e-6));
        double[] same = {1, 1, 1, 1, 1};
        assertThat(MedianRatio.rankTest(same, same)).isEqualTo(1);
    }

    @Test
    void callsOnlyRealDifferencesReal() {
        SplittableRandom random = new SplittableRandom(3);
        int called = 0;
        for (int run = 0; run < 200; run++) {
            MedianRatio equal = MedianRatio.of(noisy(10, random), noisy(10, random));
            called += equal.real() ? 1 : 0;
            MedianRatio slower = MedianRatio.of(noisy(10, random), noisy(12, random));
            assertThat(slower.real()).isTrue();
            assertThat(slower.ratio())
                    .isBetween(slower.interval().low(), slower.interval().high());
        }
        // 5 % of 200, and three standard deviations of the count.
        assertThat(called).isLessThan(10 + 10);
    }

    @Test
    void fewNumbersTellNothing() {
        assertThatThrownBy(() -> MedianRatio.of(new double[] {1, 2, 3, 4}, new double[] {1, 2, 3, 4, 5}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double[] noisy(double middle, SplittableRandom random) {
        double[] values = new double[20];
        for (int index = 0; index < values.length; index++) {
            values[index] = middle * (1 + 0.05 * random.nextGaussian());
        }
        return values;
    }
}
