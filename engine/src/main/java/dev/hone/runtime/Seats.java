package dev.hone.runtime;

import dev.hone.nativecode.system.Processors;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;

/**
 * Keeps the workers of a team on processors of their own.
 *
 * <p>Virtual machines hide from Linux that a processor is idle, so it often puts a woken thread on the processor of the
 * one that woke it. The two then take turns there at every barrier, until the system notices after many milliseconds.
 * So a worker that is to be woken is kept off the processors that are taken, until it is awake. Nothing is done where
 * the system does not say where threads run.
 */
final class Seats {
    private static final int AWAKE = -2;
    private static final int LINE = 16;

    private final int[] parkedOn;
    private final int[] threads;
    private final BitSet[] allowed;
    private final AtomicIntegerArray waitedOn;

    /** @param workers all that work together, the caller included */
    Seats(int workers) {
        parkedOn = new int[workers];
        Arrays.fill(parkedOn, AWAKE);
        threads = new int[workers];
        allowed = Stream.generate(BitSet::new).limit(workers).toArray(BitSet[]::new);
        waitedOn = new AtomicIntegerArray(workers * LINE);
        for (int worker = 0; worker < workers; worker++) {
            waitedOn.set(worker * LINE, Processors.UNKNOWN);
        }
    }

    /** Said by a worker before it parks. */
    void leave(int worker) {
        int thread = Processors.thread();
        int place = Processors.current();
        synchronized (this) {
            threads[worker] = thread;
            parkedOn[worker] = place;
        }
    }

    /** Said by a worker after it was woken up: it may run everywhere again. */
    void take(int worker) {
        BitSet before;
        synchronized (this) {
            parkedOn[worker] = AWAKE;
            before = allowed[worker];
            allowed[worker] = new BitSet();
        }
        // Nobody else changes where an awake worker may run.
        if (!before.isEmpty()) {
            Processors.restrict(threads[worker], before);
        }
    }

    /** Said by the thread that is about to wake the workers. */
    synchronized void spread() {
        BitSet taken = new BitSet();
        for (int worker = 1; worker < parkedOn.length; worker++) {
            int place = parkedOn[worker];
            if (place >= 0) {
                if (taken.isEmpty()) {
                    taken.set(Processors.current());
                }
                keepOff(taken, worker);
                taken.set(taken.get(place) ? taken.nextClearBit(0) : place);
            }
        }
    }

    private void keepOff(BitSet taken, int worker) {
        BitSet before = allowed[worker].isEmpty() ? Processors.allowed(threads[worker]) : allowed[worker];
        BitSet free = (BitSet) before.clone();
        free.andNot(taken);
        if (!free.isEmpty()) {
            allowed[worker] = before;
            Processors.restrict(threads[worker], free);
        }
    }

    /** Said by a worker that waits for others: whether one of them last waited on the same processor. */
    boolean isShared(int worker) {
        int here = Processors.current();
        waitedOn.setRelease(worker * LINE, here);
        for (int other = 0; other * LINE < waitedOn.length(); other++) {
            if (other != worker && here >= 0 && waitedOn.getAcquire(other * LINE) == here) {
                return true;
            }
        }
        return false;
    }
}
