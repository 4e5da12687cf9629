package dev.hone.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void nobodyPassesABarrierBeforeAllHaveCome(int workers) {
        int rounds = 200;
        AtomicInteger early = new AtomicInteger();
        AtomicIntegerArray arrivals = new AtomicIntegerArray(rounds);
        try (ThreadTeam team = new ThreadTeam(workers)) {
            team.run(worker -> {
                for (int round = 0; round < rounds; round++) {
                    arrivals.incrementAndGet(round);
                    team.barrier();
                    if (arrivals.get(round) != workers) {
                        early.incrementAndGet();
                    }
                }
            });
        }
        assertThat(early).hasValue(0);
        assertThat(arrivals.get(rounds - 1)).isEqualTo(workers);
    }

    @Test
    void workersWakeAfterTheyHaveParked() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        try (ThreadTeam team = new ThreadTeam(2)) {
            for (int call = 0; call < 5; call++) {
                team.run(worker -> runs.incrementAndGet());
                Thread.sleep(Duration.ofMillis(2));
            }
        }
        assertThat(runs).hasValue(10);
    }

    @Test
    void aFailureReachesTheCallerAndTheTeamWorksOn() {
        AtomicInteger runs = new AtomicInteger();
        try (ThreadTeam team = new ThreadTeam(2)) {
            for (int failing = 0; failing < 2; failing++) {
                int failingWorker = failing;
                assertThatThrownBy(() -> team.run(worker -> {
                            if (worker == failingWorker) {
                                throw new IllegalArgumentException("broken");
                            }
                            team.barrier();
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("broken");
            }
            team.run(worker -> {
                team.barrier();
                runs.incrementAndGet();
            });
        }
        assertThat(runs).hasValue(2);
    }

    @Test
    void concurrentCallersTakeTurns() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger total = new AtomicInteger();
        try (ThreadTeam team = new ThreadTeam(2)) {
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int call = 0; call < 100; call++) {
                        team.run(worker -> {
                            if (worker == 0 && inside.incrementAndGet() != 1) {
                                overlaps.incrementAndGet();
                            }
                            team.barrier();
                            total.incrementAndGet();
                            team.barrier();
                            if (worker == 0) {
                                inside.decrementAndGet();
                            }
                        });
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(overlaps).hasValue(0);
        assertThat(total).hasValue(800);
    }

    @Test
    void aClosedTeamRefusesWork() {
        ThreadTeam team = new ThreadTeam(2);
        team.close();
        team.close();
        assertThatThrownBy(() -> team.run(worker -> {}))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void refusesATeamOfNobody() {
        assertThatThrownBy(() -> new ThreadTeam(0)).isInstanceOf(HoneException.class);
    }
}
