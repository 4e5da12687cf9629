package dev.hone.optimize;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that may be spent, from the moment it is made. */
final class Budget {
    private static final double NANOS_A_SECOND = 1e9;

    private final Duration allowed;
    private final LongSupplier clock;
    private final long start;

    Budget(Duration allowed, LongSupplier clock) {
        this.allowed = allowed;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    double spentSeconds() {
        return (clock.getAsLong() - start) / NANOS_A_SECOND;
    }

    double allowedSeconds() {
        return allowed.toNanos() / NANOS_A_SECOND;
    }

    double secondsLeft() {
        return allowedSeconds() - spentSeconds();
    }

    boolean has(double seconds) {
        return secondsLeft() >= seconds;
    }

    @Override
    public String toString() {
        long seconds = allowed.toSeconds();
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
