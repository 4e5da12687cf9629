package dev.hone.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Waits until the threads of this process have come to rest.
 *
 * <p>Workers of an engine go on spinning after its last call, the just-in-time compiler goes on compiling, and both
 * take the cores that the next engine needs. How long they do differs, so the processor time of the process is watched:
 * it is at rest when two short windows in a row used only a small part of one core.
 */
final class Rest {
    private static final long WINDOW_NANOS = 6_000_000;
    private static final double MOST_BUSY = 0.15;

    private final long mostNanos;
    private final LongSupplier usedNanos;

    private Rest(long mostNanos, LongSupplier usedNanos) {
        this.mostNanos = mostNanos;
        this.usedNanos = usedNanos;
    }

    /**
     * @param mostNanos waiting ends here even when something still runs; where the system does not tell the time that a
     *     process used, waiting always takes this long
     */
    static Rest atMost(long mostNanos) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? new Rest(mostNanos, system::getProcessCpuTime)
                : new Rest(mostNanos, () -> -1);
    }

    static Rest of(long mostNanos, LongSupplier usedNanos) {
        return new Rest(mostNanos, usedNanos);
    }

    /** Sleeps until the process is at rest; whether it came to rest before the time was over. */
    boolean await() {
        long start = System.nanoTime();
        long used = usedNanos.getAsLong();
        long at = start;
        boolean wasQuiet = false;
        while (at - start < mostNanos) {
            LockSupport.parkNanos(WINDOW_NANOS);
            long now = System.nanoTime();
            long usedNow = usedNanos.getAsLong();
            boolean quiet = used >= 0 && usedNow - used < MOST_BUSY * (now - at);
            if (quiet && wasQuiet) {
                return true;
            }
            wasQuiet = quiet;
            used = usedNow;
            at = now;
        }
        return false;
    }
}
