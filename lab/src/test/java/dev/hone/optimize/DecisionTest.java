package dev.hone.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.optimize.Decision.Judged;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.Fuzz.Round;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DecisionTest {
    private static final Judged ORIGINAL = new Judged("original", 1, 90, 0, true, true);

    @Test
    void theChoiceNeverBreaksThePromise() {
        int[] chosenOthers = {0};
        Fuzz.rounds(2000).run(round -> {
            List<Judged> candidates = draw(round);
            double most = round.between(0, 20) / 10.0;
            List<Judged> ranked = Decision.ranked(candidates, most);
            assertThat(ranked).isNotEmpty().allSatisfy(judged -> {
                assertThat(judged.original() || judged.same() || judged.lowerBound() >= -most)
                        .isTrue();
                assertThat(most > 0 || judged.original() || judged.same()).isTrue();
                assertThat(judged.original() || judged.gain() > 1).isTrue();
            });
            Judged chosen = ranked.getFirst();
            chosenOthers[0] += chosen.original() ? 0 : 1;
            assertThat(candidates)
                    .filteredOn(judged -> !Decision.isAsGood(chosen.gain(), judged.gain()))
                    .noneMatch(judged -> judged.isAllowed(most));
            assertThat(ranked.getLast().original()).isTrue();
        });
        assertThat(chosenOthers[0]).isGreaterThan(100);
    }

    @Test
    void whatWasNotMeasuredOnAllRowsIsNotAllowed() {
        Judged unknown = new Judged("unknown", 9, 90, Double.NaN, false, false);
        assertThat(unknown.isAllowed(100)).isFalse();
    }

    @Test
    void atNoLossOnlyTheSameAnswersAreAllowed() {
        Judged lucky = new Judged("int8", 9, 91, 0, false, false);
        Judged single = new Judged("f32", 2, 90, -1, false, true);
        assertThat(Decision.ranked(List.of(ORIGINAL, lucky, single), 0))
                .extracting(Judged::name)
                .containsExactly("f32", "original");
    }

    @Test
    void amongGainsThatCannotBeToldApartTheLeastLossComesFirst() {
        Judged quick = new Judged("quick", 5.1, 90, -0.8, false, false);
        Judged sure = new Judged("sure", 5, 90, -0.1, false, false);
        Judged slow = new Judged("slow", 4, 91, 0.5, false, false);
        for (List<Judged> order : List.of(List.of(ORIGINAL, quick, sure, slow), List.of(slow, sure, quick, ORIGINAL))) {
            assertThat(Decision.ranked(order, 1))
                    .extracting(Judged::name)
                    .containsExactly("sure", "quick", "slow", "original");
        }
    }

    @Test
    void theFrontHoldsWhatNothingElseBeats() {
        Fuzz.rounds(300).run(round -> {
            List<Judged> all = draw(round);
            List<Judged> front = all.stream()
                    .filter(judged -> Decision.isOnFront(judged, all))
                    .toList();
            assertThat(front).isNotEmpty();
            for (Judged judged : all) {
                assertThat(front).anyMatch(other -> other.gain() >= judged.gain() && other.score() >= judged.score());
            }
        });
    }

    @Test
    void withoutTheOriginalThereIsNothingToDecide() {
        assertThatThrownBy(() -> Decision.ranked(List.of(), 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Judged> draw(Round round) {
        List<Judged> candidates = new ArrayList<>(List.of(ORIGINAL));
        int count = round.between(0, 12);
        for (int index = 0; index < count; index++) {
            double low = round.between(0, 9) == 0 ? Double.NaN : round.between(-30, 5) / 10.0;
            boolean same = round.between(0, 9) == 0;
            candidates.add(new Judged(
                    "candidate " + index,
                    round.between(1, 90) / 10.0,
                    90 + round.between(-40, 10) / 10.0,
                    low,
                    false,
                    same));
        }
        return candidates;
    }
}
