package dev.hone.calibrate;

import dev.hone.onnx.quantize.ValueRange;

/**
 * The threshold of magnitudes that loses the least information when all beyond it is cut off and the rest is held in
 * {@value #LEVELS} levels: Kullback and Leibler's divergence of the levels from the distribution as it was.
 *
 * <p>Source: Migacz, "8-bit Inference with TensorRT", 2017. Levels of bins that were empty stay empty, and a level's
 * count is shared evenly by its other bins.
 */
final class LeastDivergence {
    private static final int LEVELS = 128;
    /** Candidates lie this many bins apart. */
    private static final int STRIDE = 16;

    private LeastDivergence() {}

    /** The range from minus the threshold to the threshold, inside that of the numbers. */
    static ValueRange range(Histogram histogram) {
        long[] counts = histogram.magnitudes();
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        if (total == 0) {
            return histogram.extremes();
        }
        int best = counts.length;
        double least = Double.POSITIVE_INFINITY;
        long inside = sum(counts, 0, LEVELS);
        for (int bins = LEVELS; bins <= counts.length; bins += STRIDE) {
            double divergence = divergence(counts, bins, total - inside);
            if (divergence < least) {
                least = divergence;
                best = bins;
            }
            inside += sum(counts, bins, Math.min(bins + STRIDE, counts.length));
        }
        double threshold = best * histogram.width();
        return histogram.limited(-threshold, threshold);
    }

    private static long sum(long[] counts, int from, int to) {
        long sum = 0;
        for (int bin = from; bin < to; bin++) {
            sum += counts[bin];
        }
        return sum;
    }

    /**
     * The divergence when the first bins are kept.
     *
     * @param beyond numbers in the other bins, which count as the last that is kept
     */
    private static double divergence(long[] counts, int bins, long beyond) {
        long inside = sum(counts, 0, bins);
        if (inside == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double all = (double) inside + beyond;
        double divergence = 0;
        for (int level = 0; level < LEVELS; level++) {
            int from = (int) ((long) level * bins / LEVELS);
            int to = (int) ((long) (level + 1) * bins / LEVELS);
            long sum = sum(counts, from, to);
            int filled = 0;
            for (int bin = from; bin < to; bin++) {
                filled += counts[bin] > 0 ? 1 : 0;
            }
            for (int bin = from; bin < to; bin++) {
                double before = (counts[bin] + (bin == bins - 1 ? beyond : 0)) / all;
                if (before > 0) {
                    // A last bin that only what was cut off fills has no share of its level.
                    double after = counts[bin] == 0 ? 1 / all : (double) sum / filled / inside;
                    divergence += before * Math.log(before / after);
                }
            }
        }
        return divergence;
    }
}
