package dev.hone.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hone.nativecode.system.Processors;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SeatsTest {
    private static final int CALLS = 20;
    private static final Duration UNTIL_PARKED = Duration.ofMillis(3);

    @BeforeEach
    void requireTwoProcessors() {
        assumeThat(Processors.allowed(0).cardinality())
                .as("optional: threads cannot be told apart by their processors here")
                .isGreaterThan(1);
    }

    @Test
    void aWokenWorkerRunsBesideItsWaker() throws InterruptedException {
        int same = 0;
        AtomicIntegerArray places = new AtomicIntegerArray(2);
        try (ThreadTeam team = new ThreadTeam(2)) {
            for (int call = 0; call < CALLS; call++) {
                Thread.sleep(UNTIL_PARKED);
                team.run(worker -> places.set(worker, Processors.current()));
                same += places.get(0) == places.get(1) ? 1 : 0;
            }
        }
        // The system may move a thread at any time, so not every call is required to find them apart.
        assertThat(same).isLessThan(CALLS / 2);
    }

    @Test
    void workersMayRunEverywhereWhenTheyWork() throws InterruptedException {
        BitSet allowed = Processors.allowed(0);
        Set<BitSet> seen = ConcurrentHashMap.newKeySet();
        try (ThreadTeam team = new ThreadTeam(3)) {
            for (int call = 0; call < CALLS; call++) {
                Thread.sleep(UNTIL_PARKED);
                team.run(_ -> seen.add(Processors.allowed(Processors.thread())));
            }
        }
        assertThat(List.copyOf(seen)).containsExactly(allowed);
    }

    @Test
    void aWorkerThatIsNotWokenIsNotMoved() {
        Seats seats = new Seats(2);
        seats.spread();
        seats.leave(1);
        seats.spread();
        seats.spread();
        seats.take(1);
        assertThat(Processors.allowed(0).cardinality()).isGreaterThan(1);
    }

    @Test
    void aThreadThatIsReleasedMayRunWhereItCouldBefore() {
        BitSet before = Processors.allowed(0);
        BitSet one = new BitSet();
        one.set(before.nextSetBit(0));
        try {
            Processors.restrict(0, one);
            assertThat(Processors.allowed(0)).isEqualTo(one);
            Processors.release(0, one);
            assertThat(Processors.allowed(0)).as("less than the container has").isEqualTo(one);
        } finally {
            Processors.release(0, before);
        }
        assertThat(Processors.allowed(0)).isEqualTo(before);
    }

    @Test
    void whoeverIsLateMayRunEverywhere() throws InterruptedException {
        Seats seats = new Seats(2);
        BitSet before = Processors.allowed(0);
        CountDownLatch parked = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        Thread late = Thread.ofPlatform().start(() -> {
            number.set(Processors.thread());
            seats.leave(1);
            parked.countDown();
            try {
                looked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        parked.await();
        try {
            seats.spread();
            assertThat(Processors.allowed(number.get())).isNotEqualTo(before);
            seats.giveUp();
            assertThat(Processors.allowed(number.get())).isEqualTo(before);
        } finally {
            looked.countDown();
            late.join();
        }
    }

    @Test
    void waitersOnOneProcessorSeeEachOther() {
        Seats seats = new Seats(2);
        BitSet before = Processors.allowed(0);
        BitSet one = new BitSet();
        one.set(before.nextSetBit(0));
        Processors.restrict(0, one);
        try {
            assertThat(seats.isShared(0)).isFalse();
            assertThat(seats.isShared(1)).isTrue();
            assertThat(seats.isShared(0)).isTrue();
        } finally {
            Processors.restrict(0, before);
        }
    }
}
