package dev.hone.measure;

import java.util.Arrays;

/** Order statistics and correlations of plain arrays. */
public final class Statistics {
    private Statistics() {}

    /** The value with half of the others on either side; the mean of the two in the middle of an even number. */
    public static double median(double[] values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest value that at least this share of all values does not exceed (nearest rank). */
    public static double quantile(double[] values, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share " + share + " is not in (0, 1]");
        }
        double[] sorted = sorted(values);
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    public static double mean(double[] values) {
        requireValues(values);
        return Arrays.stream(values).sum() / values.length;
    }

    /** Rank correlation of two series, with mean ranks for ties; not a number when one of them is constant. */
    public static double spearman(double[] first, double[] second) {
        return pearson(ranks(first), ranks(second));
    }

    /** Linear correlation of two series; not a number when one of them is constant. */
    public static double pearson(double[] first, double[] second) {
        if (first.length != second.length || first.length < 2) {
            throw new IllegalArgumentException(first.length + " and " + second.length + " values to correlate");
        }
        double firstMean = mean(first);
        double secondMean = mean(second);
        double both = 0;
        double firstSquares = 0;
        double secondSquares = 0;
        for (int i = 0; i < first.length; i++) {
            double a = first[i] - firstMean;
            double b = second[i] - secondMean;
            both += a * b;
            firstSquares += a * a;
            secondSquares += b * b;
        }
        return both / Math.sqrt(firstSquares * secondSquares);
    }

    /** Cosine of the angle between two vectors, as {@link #cosine(float[], float[], int, int)} counts it. */
    public static double cosine(float[] first, float[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(first.length + " and " + second.length + " values");
        }
        return cosine(first, second, 0, first.length);
    }

    /**
     * Cosine of the angle between stretches of two vectors: 1 where both have no length, since they are the same, 0
     * where one of them has none, and not a number where a value is none.
     */
    public static double cosine(float[] first, float[] second, int from, int to) {
        double both = 0;
        double firstSquares = 0;
        double secondSquares = 0;
        for (int i = from; i < to; i++) {
            both += (double) first[i] * second[i];
            firstSquares += (double) first[i] * first[i];
            secondSquares += (double) second[i] * second[i];
        }
        double lengths = Math.sqrt(firstSquares) * Math.sqrt(secondSquares);
        if (lengths == 0) {
            return firstSquares == secondSquares ? 1 : 0;
        }
        return both / lengths;
    }

    /** Ranks from 1; equal values share the mean of their ranks. */
    static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double[] sorted(double[] values) {
        requireValues(values);
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static void requireValues(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
    }
}
