package dev.hone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StatisticsTest {
    @Test
    void medianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(Statistics.median(new double[] {5, 1, 3})).isEqualTo(3);
        assertThat(Statistics.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
        assertThatThrownBy(() -> Statistics.median(new double[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quantilesTakeTheNearestRank() {
        double[] tenths = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
        assertThat(Statistics.quantile(tenths, 0.90)).isEqualTo(9);
        assertThat(Statistics.quantile(tenths, 0.91)).isEqualTo(10);
        assertThat(Statistics.quantile(tenths, 1)).isEqualTo(10);
        assertThat(Statistics.quantile(new double[] {7}, 0.01)).isEqualTo(7);
        assertThatThrownBy(() -> Statistics.quantile(tenths, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tiedValuesShareTheMeanOfTheirRanks() {
        assertThat(Statistics.ranks(new double[] {10, 30, 10, 20})).containsExactly(1.5, 4, 1.5, 3);
    }

    @Test
    void spearmanAgreesWithTheFormulaOfSquaredRankDifferences() {
        double[] first = {106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
        double[] second = {7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
        // Without ties it is 1 - 6 * sum(d^2) / (n * (n^2 - 1)); the squared rank differences sum to 194.
        assertThat(Statistics.spearman(first, second)).isCloseTo(1 - 6.0 * 194 / 990, within(1e-12));
        assertThat(Statistics.spearman(first, first)).isCloseTo(1, within(1e-12));
        assertThat(Statistics.spearman(first, new double[10])).isNaN();
    }

    @Test
    void pearsonOfALineIsItsSign() {
        assertThat(Statistics.pearson(new double[] {1, 2, 3}, new double[] {9, 7, 5}))
                .isCloseTo(-1, within(1e-12));
    }

    @Test
    void intervalOfConstantBlocksIsTheRangeThatDrawsOfBlocksReach() {
        Interval same = BlockBootstrap.medianInterval(List.of(new double[] {4, 4}, new double[] {4, 4, 4}));
        assertThat(same).isEqualTo(new Interval(4, 4));
        // With three blocks of one sample the median is 1 where two or three draws take the first: 7 of 27 draws.
        Interval range = BlockBootstrap.medianInterval(List.of(new double[] {1}, new double[] {2}, new double[] {3}));
        assertThat(range).isEqualTo(new Interval(1, 3));
    }

    @Test
    void intervalCoversTheTrueMedianAboutAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(11);
        int covered = 0;
        int trials = 200;
        for (int trial = 0; trial < trials; trial++) {
            Interval interval = BlockBootstrap.medianInterval(blocksAround(random, 10));
            if (interval.low() <= 10 && interval.high() >= 10) {
                covered++;
            }
        }
        // A bootstrap over twelve blocks is known to cover somewhat less than it says; far less would be a mistake.
        assertThat(covered).isBetween(trials * 85 / 100, trials * 99 / 100);
    }

    /** Twelve blocks, each shifted as a whole, so that samples of a block are not independent. */
    private static List<double[]> blocksAround(SplittableRandom random, double middle) {
        List<double[]> blocks = new ArrayList<>();
        for (int block = 0; block < 12; block++) {
            double shift = random.nextGaussian();
            double[] samples = new double[9];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = middle + shift + random.nextGaussian() * 0.3;
            }
            blocks.add(samples);
        }
        return blocks;
    }

    @Test
    void summariesSayHowManySamplesTheyRestOn() {
        Summary summary = Summary.of(List.of(new double[] {1, 2}, new double[] {3, 4, 5}));
        assertThat(summary.samples()).isEqualTo(5);
        assertThat(summary.median()).isEqualTo(3);
        assertThat(summary.p90()).isEqualTo(5);
        assertThat(summary.interval().low()).isLessThanOrEqualTo(3);
        assertThat(summary.interval().high()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void cosinesOfVectorsWithoutLengthAreSaid() {
        float[] zero = {0, 0};
        float[] some = {3, 4};
        assertThat(Statistics.cosine(some, new float[] {4, 3})).isCloseTo(24.0 / 25, within(1e-15));
        assertThat(Statistics.cosine(some, new float[] {-6, -8})).isEqualTo(-1);
        assertThat(Statistics.cosine(zero, zero)).isEqualTo(1);
        assertThat(Statistics.cosine(zero, some)).isZero();
        assertThat(Statistics.cosine(some, zero)).isZero();
        assertThat(Statistics.cosine(some, new float[] {Float.NaN, 1})).isNaN();
        assertThat(Statistics.cosine(new float[] {9, 1, 0}, new float[] {-9, 2, 0}, 1, 3))
                .isEqualTo(1);
        assertThatThrownBy(() -> Statistics.cosine(some, new float[1])).isInstanceOf(IllegalArgumentException.class);
    }
}
