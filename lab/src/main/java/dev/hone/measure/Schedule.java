package dev.hone.measure;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;

/**
 * How long and how often contestants take turns.
 *
 * @param rounds turns of each contestant
 * @param blockNanos length of a turn; a call that has begun is finished, and one call is always made
 * @param longestWarmUpNanos warm-up ends here even when the times still drift
 */
public record Schedule(int rounds, long blockNanos, long longestWarmUpNanos) {
    private static final double BLOCK_SECONDS = 0.4;
    private static final int FEWEST_ROUNDS = 5;
    private static final double MOST_SECONDS = 3600;
    private static final double NANOS = 1e9;
    private static final int MOST_REPEATS = 10_000;

    /**
     * Turns of about 0.4 s, at least five so that an interval can be given.
     *
     * @param seconds timed seconds of each contestant at each shape, warm-up not included
     */
    public static Schedule ofSeconds(double seconds) {
        if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
            throw new HoneException(
                    Category.USAGE, "seconds " + seconds + ": give more than 0 and at most " + MOST_SECONDS);
        }
        int rounds = Math.max(FEWEST_ROUNDS, (int) Math.ceil(seconds / BLOCK_SECONDS));
        return new Schedule(rounds, (long) (seconds / rounds * NANOS), (long) (Math.max(1.0, seconds) * NANOS));
    }

    /**
     * A number of turns that share the time.
     *
     * @param seconds timed seconds of each contestant at each shape, all turns together
     */
    public static Schedule ofRepeats(int repeats, double seconds) {
        if (repeats < 1 || repeats > MOST_REPEATS) {
            throw new HoneException(Category.USAGE, "repeats " + repeats + ": give a number from 1 to " + MOST_REPEATS);
        }
        Schedule usual = ofSeconds(seconds);
        return new Schedule(repeats, (long) (seconds / repeats * NANOS), usual.longestWarmUpNanos());
    }

    /** A fixed number of turns of one call each, for calls that are long by themselves. */
    public static Schedule ofSingleCalls(int rounds) {
        return new Schedule(rounds, 0, (long) NANOS);
    }
}
