package dev.hone.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class LabelScoringTest {
    private static final double ROUNDING = 4 * Math.ulp(1.0);

    @Test
    void scoresTwoLabels() {
        Outcomes outcomes = outcomes(new int[] {1, 1, 1, 0, 0, 1}, new int[] {1, 0, 1, 1, 0, 1});
        Map<String, Double> metrics = new LabelScoring(2).metrics(outcomes.all());
        // 3 both, 1 missed, 1 too many, 1 rightly left: by hand.
        assertThat(metrics)
                .containsEntry("accuracy", 4 / 6.0)
                .containsEntry("precision", 0.75)
                .containsEntry("recall", 0.75)
                .containsEntry("f1", 0.75)
                .containsEntry("matthews", (3.0 * 1 - 1 * 1) / Math.sqrt(4.0 * 4 * 2 * 2));
    }

    @Test
    void scoresThreeLabelsByTheirMeans() {
        Outcomes outcomes = outcomes(new int[] {0, 1, 2, 0, 1, 2}, new int[] {0, 2, 1, 0, 0, 1});
        Map<String, Double> metrics = new LabelScoring(3).metrics(outcomes.all());
        // The example of scikit-learn's f1_score: only label 0 is ever right.
        assertThat(metrics.get("f1_macro")).isCloseTo(0.8 / 3, within(ROUNDING));
        assertThat(metrics.get("precision_macro")).isCloseTo(2 / 3.0 / 3, within(ROUNDING));
        assertThat(metrics.get("recall_macro")).isCloseTo(1 / 3.0, within(ROUNDING));
        // covariances by hand: (2*6 - 12) / ... = 0
        assertThat(metrics.get("matthews")).isZero();
    }

    @Test
    void leavesLabelsOutThatNeverOccur() {
        Outcomes outcomes = outcomes(new int[] {0, 1}, new int[] {0, 1});
        assertThat(new LabelScoring(5).metrics(outcomes.all())).containsEntry("f1_macro", 1.0);
    }

    @Test
    void isZeroWhereNothingIsBelowTheLine() {
        Outcomes outcomes = outcomes(new int[] {0, 0}, new int[] {0, 0});
        assertThat(new LabelScoring(2).metrics(outcomes.all()))
                .containsEntry("accuracy", 1.0)
                .containsEntry("precision", 0.0)
                .containsEntry("f1", 0.0)
                .containsEntry("matthews", 0.0);
    }

    private static Outcomes outcomes(int[] gold, int[] answered) {
        Outcomes outcomes = new Outcomes(3);
        for (int row = 0; row < gold.length; row++) {
            outcomes.add(LabelScoring.row(gold[row], answered[row]));
        }
        return outcomes;
    }
}
