package dev.hone.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RestTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long TENTH = SECOND / 10;

    @Test
    void aProcessThatUsesNothingIsAtRestAtOnce() {
        long start = System.nanoTime();
        assertThat(Rest.of(10 * SECOND, () -> 7).await()).isTrue();
        assertThat(System.nanoTime() - start).isLessThan(5 * SECOND);
    }

    @Test
    void aBusyProcessIsWaitedForAsLongAsIsAllowed() {
        long start = System.nanoTime();
        assertThat(Rest.of(TENTH, System::nanoTime).await()).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TENTH);
    }

    @Test
    void whereNothingIsToldTheWholeTimeIsWaited() {
        assertThat(Rest.of(TENTH, () -> -1).await()).isFalse();
    }

    @Test
    void oneQuietWindowBetweenBusyOnesIsNoRest() {
        AtomicInteger asked = new AtomicInteger();
        long[] used = {0, SECOND, SECOND, 2 * SECOND, 2 * SECOND, 2 * SECOND};
        assertThat(Rest.of(10 * SECOND, () -> used[asked.getAndIncrement()]).await())
                .isTrue();
        assertThat(asked).hasValue(used.length);
    }

    @Test
    void theTimeOfThisProcessIsTold() {
        assertThat(Rest.atMost(30 * SECOND).await()).isTrue();
    }
}
