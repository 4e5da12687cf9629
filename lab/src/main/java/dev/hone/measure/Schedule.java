package dev.hone.measure;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;

/**
 * How long things are measured.
 *
 * @param seconds timed seconds of each contestant at each shape, warm-up not included
 */
public record Schedule(double seconds) {
    private static final double BLOCK_SECONDS = 0.4;
    private static final int FEWEST_ROUNDS = 5;
    private static final double MOST_SECONDS = 3600;

    public Schedule {
        if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
            throw new HoneException(
                    Category.USAGE, "seconds " + seconds + ": give more than 0 and at most " + MOST_SECONDS);
        }
    }

    /** Turns of each contestant; never fewer than an interval needs. */
    int rounds() {
        return Math.max(FEWEST_ROUNDS, (int) Math.ceil(seconds / BLOCK_SECONDS));
    }

    long blockNanos() {
        return (long) (seconds / rounds() * 1e9);
    }

    /** Warm-up ends here even when the times still drift. */
    long longestWarmUpNanos() {
        return (long) (Math.max(1.0, seconds) * 1e9);
    }
}
