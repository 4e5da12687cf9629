package dev.hone.measure;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How many times as long the second of two series took as the first one.
 *
 * @param ratio of their medians
 * @param interval 95 % interval of the ratio, from drawing both series anew (percentile bootstrap)
 * @param probability how often ranks part as far or farther when there is no difference (two-sided test of Mann and
 *     Whitney, On a test of whether one of two random variables is stochastically larger than the other, 1947, by its
 *     normal approximation with the corrections for ties and continuity)
 */
public record MedianRatio(double ratio, Interval interval, double probability) {
    private static final int DRAWS = 2000;
    private static final long SEED = 0x5EEDL;
    private static final double TAIL = 0.025;

    /** Fewer turns than this on a side cannot tell anything at 5 %. */
    public static final int FEWEST = 5;

    /** Compares two series of positive numbers, each of at least {@link #FEWEST}. */
    public static MedianRatio of(double[] first, double[] second) {
        if (first.length < FEWEST || second.length < FEWEST) {
            throw new IllegalArgumentException(first.length + " and " + second.length + " numbers to compare");
        }
        SplittableRandom random = new SplittableRandom(SEED);
        double[] ratios = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            double below = Statistics.median(drawn(first, random));
            ratios[draw] = Statistics.median(drawn(second, random)) / below;
        }
        Arrays.sort(ratios);
        int low = (int) Math.floor(TAIL * (DRAWS - 1));
        return new MedianRatio(
                Statistics.median(second) / Statistics.median(first),
                new Interval(ratios[low], ratios[DRAWS - 1 - low]),
                rankTest(first, second));
    }

    private static double[] drawn(double[] values, SplittableRandom random) {
        double[] drawn = new double[values.length];
        for (int index = 0; index < drawn.length; index++) {
            drawn[index] = values[random.nextInt(values.length)];
        }
        return drawn;
    }

    /** Whether both the interval and the ranks say that there is a difference, at 5 %. */
    public boolean real() {
        return probability < 2 * TAIL && (interval.low() > 1 || interval.high() < 1);
    }

    static double rankTest(double[] first, double[] second) {
        double[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        double[] ranks = Statistics.ranks(all);
        double sum = 0;
        for (int index = 0; index < first.length; index++) {
            sum += ranks[index];
        }
        double pairs = (double) first.length * second.length;
        double wins = sum - first.length * (first.length + 1.0) / 2;
        double total = all.length;
        double variance = pairs / 12 * (total + 1 - ties(all) / (total * (total - 1)));
        double distance = Math.max(0, Math.abs(wins - pairs / 2) - 0.5);
        return variance == 0 ? 1 : Math.min(1, 2 * upperTail(distance / Math.sqrt(variance)));
    }

    private static double ties(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double ties = 0;
        int from = 0;
        while (from < sorted.length) {
            int to = from + 1;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            double count = to - from;
            ties += count * count * count - count;
            from = to;
        }
        return ties;
    }

    /**
     * Probability that a standard normal number is larger, by formula 26.2.17 of Abramowitz and Stegun, Handbook of
     * Mathematical Functions, 1964; its error is below 7.5e-8.
     */
    static double upperTail(double value) {
        double t = 1 / (1 + 0.2316419 * value);
        double inner = 1.781477937 + t * (-1.821255978 + t * 1.330274429);
        double series = t * (0.319381530 + t * (-0.356563782 + t * inner));
        return Math.exp(-value * value / 2) / Math.sqrt(2 * Math.PI) * series;
    }
}
