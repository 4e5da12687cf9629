package dev.hone.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class AgreementScoringTest {
    @Test
    void equalLogitsAgreeWholly() {
        double[] row = AgreementScoring.row(new float[] {1, 2}, new float[] {1, 2});
        assertThat(row[0]).isEqualTo(1);
        assertThat(row[1]).isCloseTo(1, within(1e-15));
        assertThat(row[2]).isZero();
    }

    @Test
    void divergenceIsThatOfTheProbabilities() {
        // softmax of (0, 0) is (1/2, 1/2), of (ln 3, 0) it is (3/4, 1/4).
        double divergence = AgreementScoring.divergence(new float[] {0, 0}, new float[] {(float) Math.log(3), 0});
        assertThat(divergence).isCloseTo(0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(0.5 / 0.25), within(1e-7));
    }

    @Test
    void countsEqualAnswers() {
        Outcomes outcomes = new Outcomes(AgreementScoring.LOGITS.width());
        outcomes.add(AgreementScoring.row(new float[] {1, 2}, new float[] {2, 1}));
        outcomes.add(AgreementScoring.row(new float[] {1, 2}, new float[] {2, 4}));
        Map<String, Double> metrics = AgreementScoring.LOGITS.metrics(outcomes.all());
        assertThat(metrics).containsEntry("same_answers", 0.5);
        assertThat(metrics.get("logit_cosine")).isCloseTo((0.8 + 1) / 2, within(1e-12));
    }

    @Test
    void ranksHowFarTheOriginalsAnswerLeads() {
        Outcomes outcomes = new Outcomes(AgreementScoring.LOGITS.width());
        float[][] original = {{0, 1, 0}, {2, 0, 1}, {0, 0, 4}, {3, 0, 0}};
        float[][] other = {{1, 0, 0}, {2, 0, 1}, {0, 0, 4}, {9, 0, 0}};
        for (int row = 0; row < original.length; row++) {
            outcomes.add(AgreementScoring.row(original[row], other[row]));
        }
        // Leads 1, 1, 4, 3 and -1, 1, 4, 9: ranks 1.5, 1.5, 4, 3 and 1, 2, 3, 4, by hand 3.5 / sqrt(4.5 * 5).
        assertThat(AgreementScoring.LOGITS.metrics(outcomes.all()).get("lead_rank_correlation"))
                .isCloseTo(3.5 / Math.sqrt(4.5 * 5), within(1e-12));
    }

    @Test
    void ranksGrades() {
        Outcomes outcomes = new Outcomes(AgreementScoring.GRADES.width());
        outcomes.add(AgreementScoring.row(1.0, 1.5));
        outcomes.add(AgreementScoring.row(2.0, 2.25));
        outcomes.add(AgreementScoring.row(3.0, 3.0));
        assertThat(AgreementScoring.GRADES.metrics(outcomes.all()))
                .containsEntry("rank_correlation", 1.0)
                .containsEntry("largest_difference", 0.5);
    }

    @Test
    void gradesCorrelateWithTies() {
        Outcomes outcomes = new Outcomes(new GradeScoring("").width());
        double[][] rows = {{1, 2}, {2, 2}, {2, 4}, {4, 8}};
        for (double[] row : rows) {
            outcomes.add(GradeScoring.row(row[0], row[1]));
        }
        Map<String, Double> metrics = new GradeScoring("cosine_").metrics(outcomes.all());
        // Ranks 1, 2.5, 2.5, 4 and 1.5, 1.5, 3, 4: by hand 3.75 / sqrt(4.5 * 4.5).
        assertThat(metrics.get("cosine_spearman")).isCloseTo(3.75 / 4.5, within(1e-15));
        assertThat(metrics).containsKey("cosine_pearson");
    }
}
