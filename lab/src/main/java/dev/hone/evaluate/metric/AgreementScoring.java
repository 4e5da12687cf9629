package dev.hone.evaluate.metric;

import dev.hone.measure.Statistics;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How close answers are to those of the original model, whatever is right.
 *
 * <p>The share of equal answers; for classes also the mean cosine of the logits and the mean Kullback-Leibler
 * divergence of the original's probabilities to the others', in nats, and the rank correlation of how far the
 * original's answer leads in either's logits; for grades the rank correlation.
 */
public enum AgreementScoring implements Scoring {
    /** Equal answers, cosine and divergence of logits. */
    LOGITS {
        @Override
        public Map<String, Double> metrics(Sample sample) {
            var metrics = new LinkedHashMap<String, Double>();
            metrics.put("same_answers", sample.sum(0) / sample.size());
            metrics.put("logit_cosine", sample.sum(1) / sample.size());
            metrics.put("logit_divergence", sample.sum(2) / sample.size());
            metrics.put("lead_rank_correlation", correlation(sample.column(LEAD), sample.column(LEAD + 1)));
            return metrics;
        }
    },
    /** Equal answers only. */
    ANSWERS {
        @Override
        public Map<String, Double> metrics(Sample sample) {
            return Map.of("same_answers", sample.sum(0) / sample.size());
        }
    },
    /** Rank correlation of grades and their largest difference. */
    GRADES {
        @Override
        public Map<String, Double> metrics(Sample sample) {
            double[] original = sample.column(0);
            double[] other = sample.column(1);
            double largest = 0;
            for (int index = 0; index < original.length; index++) {
                largest = Math.max(largest, Math.abs(original[index] - other[index]));
            }
            var metrics = new LinkedHashMap<String, Double>();
            metrics.put("rank_correlation", correlation(original, other));
            metrics.put("largest_difference", largest);
            return metrics;
        }
    };

    private static final int LEAD = 3;
    private static final int WIDTH = LEAD + 2;

    @Override
    public int width() {
        return WIDTH;
    }

    /** The numbers of a row with one label: as many logits on either side. */
    public static double[] row(float[] original, float[] other) {
        int answer = best(original);
        return new double[] {
            answer == best(other) ? 1 : 0,
            Statistics.cosine(original, other),
            divergence(original, other),
            lead(original, answer),
            lead(other, answer)
        };
    }

    /** The numbers of a row that is the same or not. */
    public static double[] row(boolean same) {
        return new double[] {same ? 1 : 0, 0, 0, 0, 0};
    }

    /** The numbers of a row with a grade. */
    public static double[] row(double original, double other) {
        return new double[] {original, other, 0, 0, 0};
    }

    /** A logit less the largest one of the others; negative where another one is larger. */
    private static double lead(float[] logits, int answer) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int index = 0; index < logits.length; index++) {
            largest = index == answer ? largest : Math.max(largest, logits[index]);
        }
        return logits[answer] - largest;
    }

    private static double correlation(double[] original, double[] other) {
        return original.length > 1 ? Statistics.spearman(original, other) : Double.NaN;
    }

    /** Index of the largest value, the first of equals. */
    public static int best(float[] values) {
        int best = 0;
        for (int index = 1; index < values.length; index++) {
            best = values[index] > values[best] ? index : best;
        }
        return best;
    }

    /** Divergence of softmax(other) from softmax(original), in nats. */
    static double divergence(float[] original, float[] other) {
        double originalNorm = logSum(original);
        double otherNorm = logSum(other);
        double divergence = 0;
        for (int index = 0; index < original.length; index++) {
            double logProbability = original[index] - originalNorm;
            divergence += Math.exp(logProbability) * (logProbability - (other[index] - otherNorm));
        }
        return Math.max(0, divergence);
    }

    private static double logSum(float[] logits) {
        double largest = logits[best(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }
}
