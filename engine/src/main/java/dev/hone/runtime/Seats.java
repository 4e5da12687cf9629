package dev.hone.runtime;

import dev.hone.nativecode.system.Processors;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Keeps the workers of a team on processors of their own.
 *
 * <p>Virtual machines hide from Linux that a processor is idle, so it often puts a woken thread on the processor of the
 * one that woke it. The two then take turns there at every barrier, until the system notices after many milliseconds.
 * So a worker that is to be woken is kept off the processors that are taken, until it is awake. Nothing is done where
 * the system does not say where threads run, nor where there is no memory for it: all of this is for speed alone.
 */
final class Seats {
    private static final int AWAKE = -2;
    private static final int LINE = 16;
    /** For a worker that is not kept off any processor. Never changed. */
    private static final BitSet ANYWHERE = new BitSet();

    private final int[] parkedOn;
    private final int[] threads;
    /** For a worker that is kept off some processors, where it could run before. */
    private final BitSet[] allowed;

    private final AtomicIntegerArray waitedOn;

    /** @param workers all that work together, the caller included */
    Seats(int workers) {
        parkedOn = new int[workers];
        Arrays.fill(parkedOn, AWAKE);
        threads = new int[workers];
        allowed = new BitSet[workers];
        Arrays.fill(allowed, ANYWHERE);
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
    synchronized void take(int worker) {
        parkedOn[worker] = AWAKE;
        release(worker);
    }

    /**
     * Said by a worker that has waited for long: whoever has not come yet may be held up on the only processor that it
     * was left, while others are free.
     */
    synchronized void giveUp() {
        for (int worker = 1; worker < allowed.length; worker++) {
            release(worker);
        }
    }

    private void release(int worker) {
        if (allowed[worker].isEmpty()) {
            return;
        }
        try {
            Processors.release(threads[worker], allowed[worker]);
            allowed[worker] = ANYWHERE;
        } catch (OutOfMemoryError e) {
            // It is tried again when the worker has been woken next.
        }
    }

    /** Said by the thread that is about to wake the workers. */
    synchronized void spread() {
        int here = Processors.current();
        if (here < 0) {
            return;
        }
        try {
            BitSet taken = new BitSet();
            taken.set(here);
            for (int worker = 1; worker < parkedOn.length; worker++) {
                if (parkedOn[worker] >= 0) {
                    keepOff(taken, worker);
                }
            }
        } catch (OutOfMemoryError e) {
            // Those that are left are woken wherever the system puts them.
        }
    }

    /** Leaves a worker all but the taken processors, where that leaves it any; takes the one where it will begin. */
    private void keepOff(BitSet taken, int worker) {
        BitSet before = allowed[worker].isEmpty() ? Processors.allowed(threads[worker]) : allowed[worker];
        BitSet free = (BitSet) before.clone();
        free.andNot(taken);
        if (!free.isEmpty()) {
            allowed[worker] = before;
            Processors.restrict(threads[worker], free);
            taken.set(free.get(parkedOn[worker]) ? parkedOn[worker] : free.nextSetBit(0));
        }
    }

    /** Said by a worker that waits for others: whether one of them last waited on the same processor. */
    boolean isShared(int worker) {
        int here = Processors.current();
        if (here < 0) {
            return false;
        }
        if (waitedOn.getPlain(worker * LINE) != here) {
            waitedOn.setRelease(worker * LINE, here);
        }
        for (int other = 0; other * LINE < waitedOn.length(); other++) {
            if (other != worker && waitedOn.getAcquire(other * LINE) == here) {
                return true;
            }
        }
        return false;
    }
}
