package dev.hone.runtime;

import dev.hone.HoneException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Workers that run one piece of work together and meet at barriers.
 *
 * <p>The calling thread is worker 0. The others wait for work by spinning for a while and then parking, so that calls
 * in quick succession start without a system call and an idle team costs nothing. Work runs one piece at a time:
 * concurrent callers queue in the order of their arrival.
 */
public final class ThreadTeam implements AutoCloseable {
    /** How long a worker spins for the next piece of work before it parks. */
    private static final long IDLE_SPIN_NANOS = 200_000;

    /**
     * How long a barrier spins before it naps: by then the partner has probably lost its core, and a core that is free
     * lets the system move it there. It is longer than a nap takes with the time to wake; otherwise the one who waits
     * for a napper would nap in its turn, and so on at every barrier.
     */
    private static final long BARRIER_SPIN_NANOS = 150_000;

    private static final long NAP_NANOS = 20_000;
    /** How long workers on one processor give way to each other; then a nap lets the system part them. */
    private static final long MOST_YIELD_NANOS = 10 * BARRIER_SPIN_NANOS;

    private static final int SPINS_BETWEEN_CLOCK_READS = 64;

    // Counters that threads spin on, each in a cache line of its own.
    private static final int LINE = 16;
    private static final int ARRIVED = LINE;
    private static final int PHASE = 2 * LINE;
    private static final int EPOCH = 3 * LINE;
    private static final int FINISHED = 4 * LINE;

    /** A piece of work that every worker runs; all workers pass the same barriers. */
    @FunctionalInterface
    public interface Work {
        void run(int worker);
    }

    /** Leaves a barrier that a failed worker will not reach. */
    private static final class AbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AbandonedException() {
            super("another worker failed", null, false, false);
        }
    }

    private final ReentrantLock oneAtATime = new ReentrantLock(true);
    private final AtomicIntegerArray counters = new AtomicIntegerArray(5 * LINE + LINE);
    private final Thread[] threads;
    private final Seats seats;
    private final boolean oversubscribed;
    private volatile @Nullable Work work;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    /** @param workers threads that work together, the caller included; at least 1 */
    public ThreadTeam(int workers) {
        if (workers < 1) {
            throw new HoneException(HoneException.Category.USAGE, "a team needs at least 1 thread, not " + workers);
        }
        threads = new Thread[workers - 1];
        seats = new Seats(workers);
        oversubscribed = workers > Runtime.getRuntime().availableProcessors();
        for (int index = 0; index < threads.length; index++) {
            int worker = index + 1;
            threads[index] =
                    Thread.ofPlatform().daemon().name("hone-worker-" + worker).start(() -> serve(worker));
        }
    }

    public int size() {
        return threads.length + 1;
    }

    /**
     * Runs work on all workers and returns when all are done.
     *
     * @throws HoneException of category CLOSED after {@link #close()}
     */
    public void run(Work piece) {
        oneAtATime.lock();
        try {
            if (closed) {
                throw new HoneException(HoneException.Category.CLOSED, "the session is closed");
            }
            start(piece);
            runPiece(piece, 0);
            awaitFinish();
        } finally {
            work = null;
            oneAtATime.unlock();
        }
    }

    /** Waits until every worker has come here. Called from inside work only. */
    public void barrier() {
        if (threads.length == 0) {
            return;
        }
        int phase = counters.getAcquire(PHASE);
        if (counters.getAndAdd(ARRIVED, 1) == threads.length) {
            counters.setRelease(ARRIVED, 0);
            counters.setRelease(PHASE, phase + 1);
            return;
        }
        long waitingSince = 0;
        for (int spins = 1; counters.getAcquire(PHASE) == phase; spins++) {
            Thread.onSpinWait();
            if (spins % SPINS_BETWEEN_CLOCK_READS == 0) {
                if (failure != null) {
                    throw new AbandonedException();
                }
                waitingSince = napAfterLongWait(waitingSince);
            }
        }
    }

    /** Waits for the work in progress, then ends the threads. */
    @Override
    public void close() {
        oneAtATime.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            wakeOthers();
        } finally {
            oneAtATime.unlock();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(Work piece) {
        work = piece;
        failure = null;
        counters.set(FINISHED, 0);
        counters.set(ARRIVED, 0);
        wakeOthers();
    }

    private void wakeOthers() {
        counters.incrementAndGet(EPOCH);
        seats.spread();
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    private void runPiece(Work piece, int worker) {
        try {
            piece.run(worker);
        } catch (AbandonedException e) {
            // The failure that caused it is recorded already.
        } catch (Throwable thrown) { // Errors too: partners wait at a barrier that this worker will not reach.
            failure = thrown;
        }
    }

    private void awaitFinish() {
        long waitingSince = 0;
        for (int spins = 1; counters.getAcquire(FINISHED) < threads.length; spins++) {
            Thread.onSpinWait();
            if (spins % SPINS_BETWEEN_CLOCK_READS == 0) {
                waitingSince = napAfterLongWait(waitingSince);
            }
        }
        Throwable thrown = failure;
        if (thrown instanceof HoneException refused) {
            throw refused;
        }
        if (thrown != null) {
            throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }

    private int workerHere() {
        int worker = threads.length;
        while (worker > 0 && !threads[worker - 1].equals(Thread.currentThread())) {
            worker--;
        }
        return worker;
    }

    @SuppressWarnings("ThreadPriorityCheck") // Only speed depends on it: two on one processor go on by turns.
    private long napAfterLongWait(long waitingSince) {
        long now = System.nanoTime();
        if (waitingSince == 0) {
            return now;
        }
        long waited = now - waitingSince;
        if (waited < MOST_YIELD_NANOS && seats.isShared(workerHere())) {
            Thread.yield();
        } else if (oversubscribed || waited > BARRIER_SPIN_NANOS) {
            seats.giveUp();
            LockSupport.parkNanos(this, NAP_NANOS);
        }
        return waitingSince;
    }

    private void serve(int worker) {
        int served = 0;
        while (true) {
            awaitEpochAfter(served, worker);
            served++;
            Work piece = work;
            if (closed || piece == null) {
                return;
            }
            runPiece(piece, worker);
            counters.getAndAdd(FINISHED, 1);
        }
    }

    private void awaitEpochAfter(int served, int worker) {
        long deadline = System.nanoTime() + (oversubscribed ? 0 : IDLE_SPIN_NANOS);
        while (counters.getAcquire(EPOCH) == served) {
            if (System.nanoTime() < deadline) {
                Thread.onSpinWait();
            } else {
                seats.leave(worker);
                LockSupport.park(this);
                seats.take(worker);
            }
        }
    }
}
