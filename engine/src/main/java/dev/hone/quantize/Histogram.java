package dev.hone.quantize;

import dev.hone.tensor.RowRange;

/**
 * Counts of numbers in equal bins around zero. When a number lies beyond, bins are joined two by two until it does not,
 * so that one pass is enough and the counts do not depend on the order of the numbers.
 */
final class Histogram {
    /** On each side of zero. */
    private static final int BINS = 2048;

    private static final int LEVELS = 256;

    /** Cuts that are tried: each keeps a part of the longer side. */
    private static final int CUTS = 128;

    private final long[] below = new long[BINS];
    private final long[] above = new long[BINS];
    private double width = 0x1p-40;
    private float low;
    private float high;
    private long count;

    void add(float value) {
        if (!Float.isFinite(value)) {
            return;
        }
        low = Math.min(low, value);
        high = Math.max(high, value);
        count++;
        double size = Math.abs((double) value);
        while (size >= width * BINS) {
            join(below);
            join(above);
            width *= 2;
        }
        (value < 0 ? below : above)[(int) (size / width)]++;
    }

    private static void join(long[] bins) {
        for (int bin = 0; bin < BINS; bin++) {
            bins[bin] = bin < BINS / 2 ? bins[2 * bin] + bins[2 * bin + 1] : 0;
        }
    }

    /** What holds a part of the numbers, of a hundred; of the others, at most half lie beyond either end. */
    RowRange percentile(double inside) {
        long most = (long) (count * (100 - inside) / 200);
        return within(reach(below, most), reach(above, most));
    }

    /** How far one must go from zero, so that at most so many numbers lie beyond. */
    private double reach(long[] bins, long most) {
        long beyond = 0;
        for (int bin = BINS - 1; bin >= 0; bin--) {
            beyond += bins[bin];
            if (beyond > most) {
                return (bin + 1) * width;
            }
        }
        return 0;
    }

    private RowRange within(double down, double up) {
        return RowRange.of(Math.max(low, -down), Math.min(high, up));
    }

    /** The cut of both sides with the least divergence of what bytes can tell from what there was. */
    RowRange leastDivergence() {
        double longest = Math.max(-low, high);
        RowRange best = RowRange.of(low, high);
        double least = Double.POSITIVE_INFINITY;
        for (int cut = CUTS; cut >= CUTS / 8; cut--) {
            double reach = longest * cut / CUTS;
            RowRange range = within(reach, reach);
            double divergence = divergence(range);
            if (divergence < least) {
                least = divergence;
                best = range;
            }
        }
        return best;
    }

    /**
     * What is lost when the bins inside of a range are told by {@value #LEVELS} levels: the reference holds what lies
     * beyond in its last bins, the approximation spreads each level's count over the level's bins that hold something.
     */
    private double divergence(RowRange range) {
        int first = -(int) Math.min(BINS, Math.ceil(-range.low() / width));
        int end = (int) Math.min(BINS, Math.ceil(range.high() / width));
        int bins = end - first;
        if (bins <= 0) {
            return Double.POSITIVE_INFINITY;
        }
        double[] kept = new double[bins];
        double[] reference = new double[bins];
        for (int bin = -BINS; bin < BINS; bin++) {
            long held = bin < 0 ? below[-bin - 1] : above[bin];
            int place = Math.clamp(bin - first, 0, bins - 1);
            reference[place] += held;
            kept[place] += place == bin - first ? held : 0;
        }
        return divergence(reference, spread(kept));
    }

    private static double[] spread(double[] kept) {
        double[] spread = new double[kept.length];
        int levels = Math.min(LEVELS, kept.length);
        for (int level = 0; level < levels; level++) {
            int from = (int) ((long) level * kept.length / levels);
            int to = (int) ((long) (level + 1) * kept.length / levels);
            double sum = 0;
            int filled = 0;
            for (int bin = from; bin < to; bin++) {
                sum += kept[bin];
                filled += kept[bin] > 0 ? 1 : 0;
            }
            for (int bin = from; bin < to; bin++) {
                spread[bin] = kept[bin] > 0 ? sum / filled : 0;
            }
        }
        return spread;
    }

    /** Kullback and Leibler, "On Information and Sufficiency", 1951; what only the reference has counts as rare. */
    private static double divergence(double[] reference, double[] approximation) {
        double all = 0;
        double told = 0;
        for (int bin = 0; bin < reference.length; bin++) {
            all += reference[bin];
            told += approximation[bin];
        }
        double divergence = 0;
        for (int bin = 0; bin < reference.length; bin++) {
            if (reference[bin] > 0) {
                double part = reference[bin] / all;
                double other = Math.max(approximation[bin] / told, 1e-9);
                divergence += part * Math.log(part / other);
            }
        }
        return divergence;
    }
}
