package dev.hone.calibrate;

import dev.hone.onnx.quantize.ValueRange;

/**
 * Counts of numbers in bins of one width, evenly about 0, that grows with what it sees.
 *
 * <p>A number beyond the last bin doubles the width of all bins: two neighbours become one, so that no count is ever
 * divided and nothing but the order of magnitude of the first number decides where bins begin.
 */
final class Histogram {
    static final int BINS = 4096;

    private static final int HALF = BINS / 2;

    private long[] counts = new long[BINS];
    /** The bins reach from minus this to this; 0 before the first number other than 0. */
    private double reach;

    private long total;
    private long zeros;
    private float least;
    private float largest;

    /** Counts a finite number. */
    void add(float number) {
        least = total == 0 ? number : Math.min(least, number);
        largest = total == 0 ? number : Math.max(largest, number);
        total++;
        if (number == 0) {
            zeros++;
            return;
        }
        double magnitude = Math.abs((double) number);
        if (reach == 0) {
            reach = Math.scalb(1.0, Math.getExponent(magnitude) + 1);
        }
        while (magnitude >= reach) {
            widen();
        }
        counts[bin(number)]++;
    }

    private int bin(double number) {
        return Math.clamp((long) Math.floor(number / reach * HALF) + HALF, 0, BINS - 1);
    }

    private void widen() {
        long[] wide = new long[BINS];
        for (int bin = 0; bin < BINS; bin += 2) {
            wide[HALF / 2 + bin / 2] = counts[bin] + counts[bin + 1];
        }
        counts = wide;
        reach *= 2;
    }

    /** Numbers counted. */
    long total() {
        return total;
    }

    /** The width of a bin. */
    double width() {
        return reach / HALF;
    }

    /** From the least number to the largest. */
    ValueRange extremes() {
        return new ValueRange(least, largest);
    }

    /**
     * The range that holds a part of the numbers, with as many cut off below as above, to the ends of bins.
     *
     * @param percentile from 0 to 100
     */
    ValueRange percentile(double percentile) {
        double cut = (100 - percentile) / 200 * total;
        double below = 0;
        int from = 0;
        while (from < BINS - 1 && below + countAt(from) <= cut) {
            below += countAt(from++);
        }
        double above = 0;
        int to = BINS - 1;
        while (to > from && above + countAt(to) <= cut) {
            above += countAt(to--);
        }
        return limited(edge(from), edge(to + 1));
    }

    /** The count of a bin; zeros are counted in the first bin that begins at 0. */
    private long countAt(int bin) {
        return counts[bin] + (bin == HALF ? zeros : 0);
    }

    private double edge(int bin) {
        return (bin - HALF) * width();
    }

    /** A range inside that of the numbers. */
    ValueRange limited(double lo, double hi) {
        float from = (float) Math.clamp(lo, (double) least, (double) largest);
        float to = (float) Math.clamp(hi, (double) least, (double) largest);
        return new ValueRange(Math.min(from, to), Math.max(from, to));
    }

    /** Counts of magnitudes: each bin with the one on the other side of 0; zeros are left out. */
    long[] magnitudes() {
        long[] all = new long[HALF];
        for (int bin = 0; bin < HALF; bin++) {
            all[bin] = counts[HALF + bin] + counts[HALF - 1 - bin];
        }
        return all;
    }
}
