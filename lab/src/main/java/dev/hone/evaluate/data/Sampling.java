package dev.hone.evaluate.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Draws rows without replacement in one pass that holds only those drawn.
 *
 * <p>Each row gets a number from the seed and its place in the file, and the rows with the smallest numbers are taken,
 * smallest first (bottom-k sampling). So the same seed takes the same rows, and the first ten rows of a sample of a
 * hundred are the sample of ten.
 */
public final class Sampling {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private record Drawn(long number, long index, Example example) {
        static final Comparator<Drawn> LAST_FIRST = Comparator.comparingLong(Drawn::number)
                .thenComparingLong(Drawn::index)
                .reversed();
    }

    private Sampling() {}

    /** At most {@code size} rows in the order of the sample; fewer where the file has fewer. */
    public static List<Example> draw(Rows rows, int size, long seed) {
        var kept = new PriorityQueue<>(Drawn.LAST_FIRST);
        long index = 0;
        for (Example example = rows.next(); example != null; example = rows.next()) {
            kept.add(new Drawn(number(seed, index), index, example));
            index++;
            if (kept.size() > size) {
                kept.remove();
            }
        }
        List<Drawn> drawn = new ArrayList<>(kept);
        drawn.sort(Drawn.LAST_FIRST.reversed());
        return drawn.stream().map(Drawn::example).toList();
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014). */
    private static long number(long seed, long index) {
        long mixed = mix(seed) + (index + 1) * GOLDEN;
        return mix(mixed);
    }

    private static long mix(long value) {
        long first = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        long second = (first ^ (first >>> 27)) * 0x94D049BB133111EBL;
        return second ^ (second >>> 31);
    }
}
