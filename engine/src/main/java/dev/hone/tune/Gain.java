package dev.hone.tune;

import java.util.Arrays;

/**
 * The time of a schedule as a multiple of the usual schedule's, over rounds in which both were timed.
 *
 * @param ratio the median; below 1 is quicker
 * @param low lower end of its 95 % interval
 * @param high upper end of its 95 % interval
 * @param rounds how many rounds it rests on
 */
public record Gain(double ratio, double low, double high, int rounds) {
    /** What the usual schedule has against itself. */
    public static final Gain NONE = new Gain(1, 1, 1, 0);

    /** Less than this is not worth another code path. */
    private static final double LEAST = 0.005;

    private static final double NORMAL_95 = 1.96;

    /** The interval is that of order statistics: it assumes nothing of how times are distributed. */
    static Gain of(double[] ratios) {
        double[] sorted = ratios.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        double spread = NORMAL_95 * Math.sqrt(count) / 2;
        int low = (int) Math.max(0, Math.floor(count / 2.0 - spread));
        int high = (int) Math.min(count - 1, Math.ceil(count / 2.0 + spread));
        return new Gain(median, sorted[low], sorted[high], count);
    }

    /** Whether it is quicker by more than chance explains. */
    boolean isSure() {
        return high < 1 && ratio < 1 - LEAST;
    }
}
