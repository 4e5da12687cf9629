package dev.hone.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.optimize.Decision.Gain;
import dev.hone.optimize.Decision.Judged;
import dev.hone.optimize.Decision.Loss;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.Fuzz.Round;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DecisionTest {
    private static final Judged ORIGINAL = new Judged("original", Gain.of(1), 90, new Loss(0, 0), true, true);

    @Test
    void theChoiceNeverBreaksThePromise() {
        int[] chosenOthers = {0};
        Fuzz.rounds(2000).run(round -> {
            List<Judged> candidates = draw(round);
            double most = round.between(0, 20) / 10.0;
            List<Judged> ranked = Decision.ranked(candidates, most);
            assertThat(ranked).isNotEmpty().allSatisfy(judged -> {
                assertThat(judged.original() || judged.same() || judged.loss().lowerBound() >= -most)
                        .isTrue();
                assertThat(most > 0 || judged.original() || judged.same()).isTrue();
                assertThat(judged.original() || judged.gain().low() > 1).isTrue();
            });
            Judged chosen = ranked.getFirst();
            chosenOthers[0] += chosen.original() ? 0 : 1;
            Gain best = ranked.stream()
                    .map(Judged::gain)
                    .max(Comparator.comparingDouble(Gain::low))
                    .orElseThrow();
            assertThat(chosen.gain().isAsGoodAs(best)).isTrue();
            assertThat(ranked.getLast().original()).isTrue();
        });
        assertThat(chosenOthers[0]).isGreaterThan(100);
    }

    @Test
    void whatWasNotMeasuredOnAllRowsIsNotAllowed() {
        Judged unknown = new Judged("unknown", Gain.of(9), 90, new Loss(Double.NaN, 0), false, false);
        assertThat(unknown.isAllowed(100)).isFalse();
    }

    @Test
    void atNoLossOnlyTheSameAnswersAreAllowed() {
        Judged lucky = new Judged("int8", Gain.of(9), 91, new Loss(0, 0.1), false, false);
        Judged single = new Judged("f32", Gain.of(2), 90, new Loss(-1, 0), false, true);
        assertThat(Decision.ranked(List.of(ORIGINAL, lucky, single), 0))
                .extracting(Judged::name)
                .containsExactly("f32", "original");
    }

    @Test
    void amongGainsThatCannotBeToldApartWhatAnswersMostLikeTheOriginalComesFirst() {
        Judged quick = new Judged("quick", Gain.of(5.1), 90, new Loss(-0.1, 0.09), false, false);
        Judged like = new Judged("like", Gain.of(5), 90, new Loss(-0.8, 0.02), false, false);
        Judged slow = new Judged("slow", Gain.of(4), 91, new Loss(0.5, 0.001), false, false);
        for (List<Judged> order : List.of(List.of(ORIGINAL, quick, like, slow), List.of(slow, like, quick, ORIGINAL))) {
            assertThat(Decision.ranked(order, 1))
                    .extracting(Judged::name)
                    .containsExactly("like", "quick", "slow", "original");
        }
    }

    @Test
    void gainsCannotBeToldApartWhenEachMayBeTheOther() {
        Gain best = new Gain(2.9, 4, 5.3);
        assertThat(new Gain(2.1, 3.2, 6.1).isAsGoodAs(best)).isTrue();
        assertThat(new Gain(1.4, 2.1, 2.6).isAsGoodAs(best)).isFalse();
        assertThat(new Gain(2.1, 3.2, 3.9).isAsGoodAs(best)).isFalse();
        assertThat(new Gain(1.1, 2, 9).isAsGoodAs(best)).isFalse();
        assertThat(new Gain(2.8, 2.8, 2.8).isAsGoodAs(best)).isTrue();
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
                assertThat(front)
                        .anyMatch(
                                other -> other.gain().low() >= judged.gain().low() && other.score() >= judged.score());
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
                    gain(round),
                    90 + round.between(-40, 10) / 10.0,
                    new Loss(low, same ? 0 : round.between(1, 100) / 100.0),
                    false,
                    same));
        }
        return candidates;
    }

    private static Gain gain(Round round) {
        double median = round.between(1, 90) / 10.0;
        return new Gain(median / round.between(10, 20) * 10, median, median * round.between(10, 20) / 10);
    }
}
