package dev.hone.evaluate.metric;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BootstrapTest {
    private static final LabelScoring TWO = new LabelScoring(2);

    @Test
    void intervalHasTheWidthOfABinomial() {
        Outcomes outcomes = new Outcomes(3);
        for (int row = 0; row < 400; row++) {
            outcomes.add(LabelScoring.row(1, row % 5 == 0 ? 0 : 1));
        }
        Interval interval =
                requireNonNull(Bootstrap.intervals(TWO, outcomes.all(), 7).get("accuracy"));
        // 1.96 sqrt(0.8 * 0.2 / 400) = 0.0392 on either side; a thousand draws give it to a tenth.
        assertThat(interval.high() - interval.low()).isCloseTo(2 * 0.0392, within(0.01));
        assertThat(interval.low()).isLessThan(0.8);
        assertThat(interval.high()).isGreaterThan(0.8);
        assertThat(Bootstrap.intervals(TWO, outcomes.all(), 7)).containsEntry("accuracy", interval);
    }

    @Test
    void noIntervalWhereADrawHasNoFigure() {
        Outcomes outcomes = new Outcomes(2);
        outcomes.add(GradeScoring.row(1, 1));
        outcomes.add(GradeScoring.row(2, 3));
        assertThat(Bootstrap.intervals(new GradeScoring(""), outcomes.all(), 7)).isEmpty();
    }

    @Test
    void sameAnswersAreNoDifference() {
        Outcomes outcomes = noisy(0.9, 300);
        Difference same = requireNonNull(
                Bootstrap.differences(TWO, outcomes.all(), outcomes, 3).get("accuracy"));
        assertThat(same).isEqualTo(new Difference(0, new Interval(0, 0), 1));
        assertThat(same.real()).isFalse();
    }

    @Test
    void aLargeLossIsReal() {
        Difference loss =
                requireNonNull(Bootstrap.differences(TWO, noisy(0.95, 600).all(), noisy(0.7, 600), 3)
                        .get("accuracy"));
        assertThat(loss.real()).isTrue();
        assertThat(loss.probability()).isEqualTo(2 / 1001.0);
        assertThat(loss.interval().high()).isNegative();
        assertThat(loss.difference())
                .isBetween(loss.interval().low(), loss.interval().high());
    }

    @Test
    void mcNemarIsTheBinomialTail() {
        assertThat(McNemar.of(1, 9).probability()).isCloseTo(2 * 11 / 1024.0, within(1e-15));
        assertThat(McNemar.of(0, 0).probability()).isEqualTo(1);
        assertThat(McNemar.of(5, 5).probability()).isEqualTo(1);
        assertThat(McNemar.of(0, 20).probability()).isCloseTo(Math.pow(2, -19), within(1e-18));
        // Beyond the range of 2^-n as a double.
        assertThat(McNemar.of(950, 1050).probability()).isBetween(0.02, 0.03);
    }

    @Test
    void mcNemarCountsRowsThatOneSideGetsRight() {
        Outcomes first = new Outcomes(3);
        Outcomes second = new Outcomes(3);
        int[][] rows = {{1, 0}, {1, 1}, {0, 1}, {0, 0}, {1, 0}};
        for (int[] row : rows) {
            first.add(LabelScoring.row(1, row[0]));
            second.add(LabelScoring.row(1, row[1]));
        }
        McNemar test = McNemar.of(first.all(), second);
        assertThat(test.lost()).isEqualTo(2);
        assertThat(test.won()).isEqualTo(1);
    }

    private static Outcomes noisy(double share, int rows) {
        SplittableRandom random = new SplittableRandom(11);
        Outcomes outcomes = new Outcomes(3);
        for (int row = 0; row < rows; row++) {
            int gold = random.nextInt(2);
            outcomes.add(LabelScoring.row(gold, random.nextDouble() < share ? gold : 1 - gold));
        }
        return outcomes;
    }
}
