package dev.hone.optimize;

import dev.hone.evaluate.Judge;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.metric.Bootstrap;
import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.evaluate.metric.GradeScoring;
import dev.hone.evaluate.metric.Outcomes;
import dev.hone.evaluate.metric.Scoring;
import dev.hone.measure.Interval;
import java.util.Arrays;
import java.util.Objects;

/**
 * The figure of a task by which candidates are judged, in points: the best score has a hundred.
 *
 * @param name as the public scripts call it
 * @param pointsPerUnit 100 for a part of the whole, 1 for a percentage
 * @param scoring makes it of outcomes
 */
public record Metric(String name, double pointsPerUnit, Scoring scoring) {
    private static final double HUNDRED = 100;
    /** What n rows without a change leave possible: 3/n at 95 % (Hanley and Lippman-Hand, JAMA 1983). */
    private static final double RULE_OF_THREE = 3;

    private static final long SEED = 1;

    /** Accuracy, Matthews' correlation (cola), rank correlation, entity F1, or the F1 of answers. */
    public static Metric of(DataTask task, Judge judge) {
        Scoring scoring = judge.scoring();
        return switch (judge) {
            case Judge.Labels _ -> new Metric(task == DataTask.COLA ? "matthews" : "accuracy", HUNDRED, scoring);
            case Judge.Grades grades -> new Metric(grades.prefix() + "spearman", HUNDRED, scoring);
            case Judge.WordTags _ -> new Metric("f1", HUNDRED, scoring);
            case Judge.Answers _ -> new Metric("f1", 1, scoring);
        };
    }

    /** The score of outcomes, in points; not a number where there are too few rows. */
    public double points(double[][] rows) {
        return pointsPerUnit
                * Objects.requireNonNull(scoring.metrics(outcomes(rows).all()).get(name), name);
    }

    /** The 95 % interval of the score, in points; as wide as can be where the rows give none. */
    public Interval interval(double[][] rows) {
        Interval interval =
                Bootstrap.intervals(scoring, outcomes(rows).all(), SEED).get(name);
        return interval == null ? new Interval(-HUNDRED, HUNDRED) : scaled(interval);
    }

    /**
     * What changed from one model to another on the same rows, in points, by a paired bootstrap.
     *
     * <p>Rows that never differ tell the bootstrap nothing of how rare a difference is, so their interval is what the
     * rule of three leaves possible. Grades differ a little in every row: their order can stay although they do, and
     * the bootstrap has seen that.
     */
    public Difference difference(double[][] first, double[][] second) {
        Difference raw = Bootstrap.differences(scoring, outcomes(first).all(), outcomes(second), SEED)
                .get(name);
        if (raw == null) {
            return new Difference(Double.NaN, new Interval(-HUNDRED, HUNDRED), 1);
        }
        Interval interval = scaled(raw.interval());
        boolean isSame = scoring instanceof GradeScoring
                ? Arrays.deepEquals(first, second)
                : interval.low() == 0 && interval.high() == 0;
        if (isSame) {
            double unseen = Math.min(HUNDRED, HUNDRED * RULE_OF_THREE / first.length);
            interval = new Interval(-unseen, unseen);
        }
        return new Difference(pointsPerUnit * raw.difference(), interval, raw.probability());
    }

    private Interval scaled(Interval interval) {
        return new Interval(pointsPerUnit * interval.low(), pointsPerUnit * interval.high());
    }

    private Outcomes outcomes(double[][] rows) {
        return Outcomes.of(scoring.width(), rows);
    }
}
