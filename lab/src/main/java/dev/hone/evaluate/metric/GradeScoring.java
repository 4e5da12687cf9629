package dev.hone.evaluate.metric;

import dev.hone.measure.Statistics;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pearson's and Spearman's correlation of answered with given grades; of a constant series they are not a number.
 *
 * @param prefix in front of the names, such as {@code cosine_}
 */
public record GradeScoring(String prefix) implements Scoring {
    private static final int GOLD = 0;
    private static final int ANSWERED = 1;

    /** The numbers of a row. */
    public static double[] row(double gold, double answered) {
        return new double[] {gold, answered};
    }

    @Override
    public int width() {
        return ANSWERED + 1;
    }

    @Override
    public Map<String, Double> metrics(Sample sample) {
        double[] gold = sample.column(GOLD);
        double[] answered = sample.column(ANSWERED);
        boolean enough = gold.length > 1;
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put(prefix + "spearman", enough ? Statistics.spearman(gold, answered) : Double.NaN);
        metrics.put(prefix + "pearson", enough ? Statistics.pearson(gold, answered) : Double.NaN);
        return metrics;
    }
}
