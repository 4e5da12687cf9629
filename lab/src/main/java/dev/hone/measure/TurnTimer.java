package dev.hone.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times several contestants in one process by turns, so that a change of the machine's mood falls on all of them.
 *
 * <p>A turn begins when the process has come to rest, because threads of the contestant before go on spinning, and its
 * first calls are not counted, because the caches hold other weights. Every other round runs in the opposite order.
 */
public final class TurnTimer {
    private static final long SETTLING_NANOS = 25_000_000;
    private static final long LONGEST_REST_NANOS = 400_000_000;
    private static final long WARM_UP_WINDOW_NANOS = 120_000_000;
    private static final double STABLE_WITHIN = 0.02;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Schedule schedule;
    private final LongSupplier clock;
    private final Runnable rest;

    /**
     * What is timed.
     *
     * @param timed the call that counts
     * @param settling a call of the same kind, perhaps shorter, for warm-up and for the start of a turn
     */
    public record Turn(Runnable timed, Runnable settling) {}

    public TurnTimer(Schedule schedule) {
        this(schedule, System::nanoTime, Rest.atMost(LONGEST_REST_NANOS)::await);
    }

    TurnTimer(Schedule schedule, LongSupplier clock, Runnable rest) {
        this.schedule = schedule;
        this.clock = clock;
        this.rest = rest;
    }

    /** Turns that {@link #time} will take for that many contestants. */
    public int turns(int contestants) {
        return contestants * schedule.rounds();
    }

    /**
     * Runs every contestant by turns.
     *
     * @param afterTurn told after every turn, for a progress display
     * @return for each contestant its blocks of milliseconds, in the order given
     */
    public List<List<double[]>> time(List<Turn> contestants, Runnable afterTurn) {
        List<List<double[]>> blocks = new ArrayList<>();
        for (Turn contestant : contestants) {
            warmUp(contestant.settling());
            blocks.add(new ArrayList<>());
        }
        for (int round = 0; round < schedule.rounds(); round++) {
            for (int place = 0; place < contestants.size(); place++) {
                int index = round % 2 == 0 ? place : contestants.size() - 1 - place;
                settle(contestants.get(index).settling());
                blocks.get(index).add(block(contestants.get(index).timed(), schedule.blockNanos()));
                afterTurn.run();
            }
        }
        return blocks;
    }

    /**
     * A single turn of one contestant.
     *
     * @return milliseconds of each of its calls that count
     */
    double[] turn(Turn contestant, long nanos) {
        settle(contestant.settling());
        return block(contestant.timed(), nanos);
    }

    private void warmUp(Runnable call) {
        long end = clock.getAsLong() + schedule.longestWarmUpNanos();
        double before = Double.NaN;
        while (clock.getAsLong() < end) {
            double now = Statistics.median(block(call, WARM_UP_WINDOW_NANOS));
            if (Math.abs(now - before) <= STABLE_WITHIN * now) {
                return;
            }
            before = now;
        }
    }

    private void settle(Runnable call) {
        rest.run();
        long end = clock.getAsLong() + SETTLING_NANOS;
        do {
            call.run();
        } while (clock.getAsLong() < end);
    }

    /** Calls until the time is over, at least once; milliseconds of each call. */
    private double[] block(Runnable call, long nanos) {
        DoubleArray samples = new DoubleArray();
        long start = clock.getAsLong();
        long end = start + nanos;
        long now = start;
        do {
            call.run();
            long after = clock.getAsLong();
            samples.add((after - now) / NANOS_PER_MILLI);
            now = after;
        } while (now < end);
        return samples.toArray();
    }
}
