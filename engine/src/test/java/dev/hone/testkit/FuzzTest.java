package dev.hone.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

final class FuzzTest {
    @Test
    @DisabledIfSystemProperty(
            named = "hone.fuzz.seed",
            matches = ".+",
            disabledReason = "optional: one round is replayed")
    void sameSeedsInEveryRun() {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        assertThat(Fuzz.rounds(5).run(round -> first.add(round.random().nextLong())))
                .isGreaterThanOrEqualTo(5);
        Fuzz.rounds(5).run(round -> second.add(round.random().nextLong()));
        assertThat(first).isEqualTo(second).doesNotHaveDuplicates();
    }

    @Test
    void failureSaysHowToRepeatIt() {
        List<Long> seeds = new ArrayList<>();
        assertThatThrownBy(() -> Fuzz.rounds(3).run(round -> {
                    seeds.add(round.seed());
                    assertThat(round.between(2, 4)).isNegative();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("replay with ./do fuzz --seed ")
                .hasCauseInstanceOf(AssertionError.class);
        assertThat(seeds).hasSize(1);
    }
}
