package dev.hone.testkit;

import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Replayable random tests. Each round draws from its own seed; when a round fails, the failure says which command
 * repeats exactly that round. {@code ./do fuzz} runs the classes whose names contain {@code Fuzz}.
 *
 * <pre>{@code
 * Fuzz.rounds(200).run(round -> assertSameNumbers(RandomEncoder.draw(round.random())));
 * Fuzz.seconds(2).run(round -> ...);
 * }</pre>
 *
 * <p>System properties: {@code hone.fuzz.seed} (hexadecimal) runs one round with that seed in place of all;
 * {@code hone.fuzz.start} (hexadecimal) begins another sequence of rounds; {@code hone.fuzz.factor} multiplies the
 * number of rounds and the time of every test.
 */
public final class Fuzz {
    /** Fixed, so that two runs of the same sources test the same; {@code ./do fuzz} draws another. */
    private static final long DEFAULT_START = 0x686f6e65L;

    private static final StackWalker CALLERS = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final int rounds;
    private final Duration time;

    private Fuzz(int rounds, Duration time) {
        this.rounds = rounds;
        this.time = time;
    }

    /** A fixed number of rounds. */
    public static Fuzz rounds(int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("a test of " + rounds + " rounds tests nothing");
        }
        return new Fuzz(Math.multiplyExact(rounds, factor()), Duration.ofDays(1));
    }

    /** As many rounds as fit into the time, at least one. */
    public static Fuzz seconds(int seconds) {
        return new Fuzz(Integer.MAX_VALUE, Duration.ofSeconds(Math.multiplyExact((long) seconds, factor())));
    }

    /** One draw: its seed, and a source of random numbers that starts from it. */
    public record Round(long seed, SplittableRandom random) {
        static Round of(long seed) {
            return new Round(seed, new SplittableRandom(seed));
        }

        /** Uniform in {@code least..most}, both included. */
        public int between(int least, int most) {
            return random.nextInt(least, Math.addExact(most, 1));
        }

        /** One of the choices, each as likely as the others. */
        @SafeVarargs
        public final <T> T oneOf(T... choices) {
            return choices[random.nextInt(choices.length)];
        }

        /** Values uniform in {@code -magnitude..magnitude}. */
        public float[] floats(int count, float magnitude) {
            float[] values = new float[count];
            for (int index = 0; index < count; index++) {
                values[index] = (random.nextFloat() * 2 - 1) * magnitude;
            }
            return values;
        }
    }

    /** The body of a test; it may throw whatever it likes. */
    @FunctionalInterface
    public interface Body {
        void run(Round round) throws Exception;
    }

    /**
     * Runs the rounds.
     *
     * @return the number of rounds that ran, at least one
     * @throws AssertionError at the first failing round, with the command that repeats it; the failure is its cause
     */
    public int run(Body body) {
        String test = CALLERS.getCallerClass().getSimpleName();
        String replay = System.getProperty("hone.fuzz.seed");
        if (replay != null) {
            runOne(Round.of(Long.parseUnsignedLong(replay, 16)), body, test);
            return 1;
        }
        SplittableRandom seeds = new SplittableRandom(start());
        long end = System.nanoTime() + time.toNanos();
        int done = 0;
        do {
            runOne(Round.of(seeds.nextLong()), body, test);
            done++;
        } while (done < rounds && System.nanoTime() - end < 0);
        return done;
    }

    private static void runOne(Round round, Body body, String test) {
        try {
            body.run(round);
        } catch (Exception | AssertionError failure) {
            String seed = Long.toUnsignedString(round.seed(), 16);
            String command = "./do fuzz --seed " + seed + " --test " + test;
            throw new AssertionError("replay with " + command + ": " + failure.getMessage(), failure);
        }
    }

    private static long start() {
        @Nullable String given = System.getProperty("hone.fuzz.start");
        return given == null ? DEFAULT_START : Long.parseUnsignedLong(given, 16);
    }

    private static int factor() {
        return Math.max(1, Integer.getInteger("hone.fuzz.factor", 1));
    }
}
