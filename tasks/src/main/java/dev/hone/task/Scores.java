package dev.hone.task;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** From logits to probabilities, in double precision. */
final class Scores {
    private Scores() {}

    static double[] softmax(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] scores = new double[logits.length];
        double sum = 0;
        for (int index = 0; index < logits.length; index++) {
            scores[index] = Math.exp(logits[index] - largest);
            sum += scores[index];
        }
        for (int index = 0; index < scores.length; index++) {
            scores[index] /= sum;
        }
        return scores;
    }

    static double[] sigmoids(float[] logits) {
        double[] scores = new double[logits.length];
        for (int index = 0; index < logits.length; index++) {
            scores[index] = 1 / (1 + Math.exp(-(double) logits[index]));
        }
        return scores;
    }

    static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int index = 0; index < values.length; index++) {
            wide[index] = values[index];
        }
        return wide;
    }

    /** Index of the largest value, the first of equals. */
    static int best(double[] scores) {
        int best = 0;
        for (int index = 1; index < scores.length; index++) {
            if (scores[index] > scores[best]) {
                best = index;
            }
        }
        return best;
    }

    /** Indices of the largest values, best first, of equals the earlier one. */
    static List<Integer> top(float[] values, int count) {
        Comparator<Integer> worstFirst =
                Comparator.<Integer>comparingDouble(index -> values[index]).thenComparing(Comparator.reverseOrder());
        var kept = new PriorityQueue<Integer>(worstFirst);
        IntStream.range(0, values.length).forEach(index -> {
            if (kept.size() < count) {
                kept.add(index);
            } else if (count > 0 && values[index] > values[kept.element()]) {
                kept.remove();
                kept.add(index);
            }
        });
        return kept.stream().sorted(worstFirst.reversed()).toList();
    }
}
