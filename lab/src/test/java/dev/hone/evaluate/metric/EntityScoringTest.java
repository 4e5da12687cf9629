package dev.hone.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.evaluate.metric.EntityScoring.Entity;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EntityScoringTest {
    @Test
    void readsBeginningsBothWays() {
        assertThat(EntityScoring.entities(tags("B-PER I-PER O I-LOC B-LOC I-ORG")))
                .containsExactlyInAnyOrder(
                        new Entity("PER", 0, 2),
                        new Entity("LOC", 3, 4),
                        new Entity("LOC", 4, 5),
                        new Entity("ORG", 5, 6));
    }

    @Test
    void readsEndsAndSinglesAndBareTypes() {
        assertThat(EntityScoring.entities(tags("S-PER I-PER E-PER I-PER person person O")))
                .containsExactlyInAnyOrder(
                        new Entity("PER", 0, 1),
                        new Entity("PER", 1, 3),
                        new Entity("PER", 3, 4),
                        new Entity("person", 4, 6));
    }

    @Test
    void findsNothingOutside() {
        assertThat(EntityScoring.entities(tags("O O"))).isEmpty();
        assertThat(EntityScoring.entities(List.of())).isEmpty();
    }

    @Test
    void countsOnlyWholeEntitiesOfTheRightType() {
        Outcomes outcomes = new Outcomes(new EntityScoring().width());
        outcomes.add(EntityScoring.row(tags("B-PER I-PER O B-LOC"), tags("B-PER I-PER O B-ORG")));
        outcomes.add(EntityScoring.row(tags("B-PER I-PER"), tags("B-PER O")));
        assertThat(new EntityScoring().metrics(outcomes.all()))
                .containsEntry("precision", 1 / 3.0)
                .containsEntry("recall", 1 / 3.0)
                .containsEntry("f1", 2 / 6.0)
                .containsEntry("word_accuracy", 4 / 6.0);
    }

    @Test
    void refusesSentencesOfDifferentLength() {
        assertThatThrownBy(() -> EntityScoring.row(tags("O"), tags("O O"))).hasMessageContaining("1 words");
    }

    private static List<String> tags(String line) {
        return List.of(line.split(" ", -1));
    }
}
