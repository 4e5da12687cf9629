package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.hone.HoneException;
import dev.hone.tokenize.SmallVocabulary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenClassifierTest {
    private static final List<String> LABELS = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC");

    @TempDir
    Path directory;

    /** Each token gets logit 10 for its label, 0 for the others. */
    private TokenClassifier classifier(Map<String, String> labelOfToken, Aggregation aggregation) {
        var encoder = new FakeEncoder(64)
                .perToken(
                        "logits",
                        ids -> Arrays.stream(ids)
                                .mapToObj(id -> logits(labelOfToken, id))
                                .toArray(float[][]::new));
        var configuration = new TaskConfiguration("", LABELS, Optional.empty(), 64, Pooling.DEFAULT);
        return Hone.of(encoder, SmallVocabulary.open(directory), configuration).tokenClassifier(aggregation);
    }

    private static float[] logits(Map<String, String> labelOfToken, int id) {
        float[] logits = new float[LABELS.size()];
        String label = "O";
        for (var entry : labelOfToken.entrySet()) {
            if (SmallVocabulary.id(entry.getKey()) == id) {
                label = entry.getValue();
            }
        }
        logits[LABELS.indexOf(label)] = 10;
        return logits;
    }

    @Test
    void labelsWordsByTheirFirstTokens() {
        var labels = Map.of("john", "B-PER", "smith", "I-PER", "york", "I-LOC");
        try (var classifier = classifier(labels, Aggregation.SIMPLE)) {
            List<String> words = List.of("\uD83D\uDE00", "John", "Smith", "new-york", "York", "\u200B", "john");
            assertThat(classifier.labelWords(List.of(words, List.of("the"), List.of())))
                    .containsExactly(
                            List.of("O", "B-PER", "I-PER", "O", "I-LOC", "O", "B-PER"), List.of("O"), List.of());
        }
    }

    @Test
    void labelsMayBeGivenByOtherNames() {
        try (var classifier = named(List.of("O", "B-person", "I-person", "B-x", "I-x", "y"))) {
            assertThat(classifier.labelWords(List.of(List.of("John", "the"))))
                    .containsExactly(List.of("B-person", "O"));
        }
        try (var classifier = named(List.of("O", "B-PER"))) {
            assertThatThrownBy(() -> classifier.labelWords(List.of(List.of("John"))))
                    .isInstanceOf(HoneException.class)
                    .hasMessageContaining("2 labels are named by id2label of config.json or by --labels")
                    .hasMessageContaining("6 logits; name one for each");
        }
    }

    private TokenClassifier named(List<String> labels) {
        var encoder = new FakeEncoder(64)
                .perToken(
                        "logits",
                        ids -> Arrays.stream(ids)
                                .mapToObj(id -> logits(Map.of("john", "B-PER"), id))
                                .toArray(float[][]::new));
        var configuration = new TaskConfiguration("", LABELS, Optional.empty(), 64, Pooling.DEFAULT);
        return Hone.of(encoder, SmallVocabulary.open(directory), configuration.withLabels(labels))
                .tokenClassifier();
    }

    @Test
    void wordsBeyondTheLongestTextAreOutside() {
        try (var classifier = classifier(Map.of("john", "B-PER"), Aggregation.SIMPLE)) {
            List<String> words = Collections.nCopies(100, "john");
            List<String> labels = classifier.labelWords(List.of(words)).getFirst();
            // 64 tokens at most, two of them special.
            assertThat(labels.subList(0, 62)).containsOnly("B-PER");
            assertThat(labels.subList(62, 100)).containsOnly("O");
        }
    }

    @Test
    void putsNeighboursOfOneLabelTogether() {
        var labels = Map.of("john", "B-PER", "smith", "I-PER", "new", "B-LOC", "york", "I-LOC");
        try (var classifier = classifier(labels, Aggregation.SIMPLE)) {
            List<Entity> entities = classifier.entities("\uD83D\uDE00 John Smith works in New York.");
            assertThat(entities).extracting(Entity::entity).containsExactly("PER", "LOC");
            assertThat(entities).extracting(Entity::word).containsExactly("john smith", "new york");
            assertThat(entities).extracting(Entity::start).containsExactly(2, 22);
            assertThat(entities).extracting(Entity::end).containsExactly(12, 30);
            double sure = Math.exp(10) / (Math.exp(10) + LABELS.size() - 1);
            assertThat(entities.getFirst().score()).isCloseTo(sure, within(1e-9));
            assertThat(classifier.entities("")).isEmpty();
            assertThat(classifier.entities("the cat")).isEmpty();
        }
    }

    @Test
    void beginsAnewAtEachBeginning() {
        var labels = Map.of("john", "B-PER", "smith", "B-PER", "york", "MISC", "acme", "MISC", "paris", "I-LOC");
        try (var classifier = classifier(labels, Aggregation.SIMPLE)) {
            assertThat(classifier.entities("john smith"))
                    .extracting(Entity::word)
                    .containsExactly("john", "smith");
            assertThat(classifier.entities("york acme paris paris"))
                    .extracting(Entity::entity, Entity::word)
                    .containsExactly(tuple("MISC", "york acme"), tuple("LOC", "paris paris"));
        }
    }

    @Test
    void keepsTokensApartWithoutAggregation() {
        var labels = Map.of("paris", "B-LOC", "##ian", "I-LOC");
        try (var classifier = classifier(labels, Aggregation.NONE)) {
            assertThat(classifier.entities("a parisian"))
                    .extracting(Entity::entity, Entity::word)
                    .containsExactly(tuple("B-LOC", "paris"), tuple("I-LOC", "##ian"));
        }
    }

    @Test
    void judgesWordsByTheirFirstSurestOrMeanToken() {
        var labels = Map.of("walk", "B-PER", "##ing", "B-LOC");
        try (var classifier = classifier(labels, Aggregation.FIRST)) {
            Entity entity = classifier.entities("walking").getFirst();
            assertThat(entity.entity()).isEqualTo("PER");
            assertThat(entity.word()).isEqualTo("walking");
            assertThat(entity.end()).isEqualTo(7);
        }
        try (var classifier = classifier(labels, Aggregation.AVERAGE)) {
            Entity entity = classifier.entities("walking").getFirst();
            assertThat(entity.entity()).isEqualTo("PER");
            assertThat(entity.score()).isCloseTo(0.5, within(1e-3));
        }
        try (var classifier = classifier(Map.of("##ing", "B-LOC"), Aggregation.MAX)) {
            assertThat(classifier.entities("walking")).isEmpty();
        }
    }

    @Test
    void spellsUnknownWordsAsTheTextDoes() {
        try (var classifier = classifier(Map.of("[UNK]", "B-PER", "smith", "I-PER"), Aggregation.SIMPLE)) {
            Entity entity = classifier.entities("the Zo\u00eb Smith").getFirst();
            assertThat(entity.word()).isEqualTo("Zo\u00eb smith");
            assertThat(entity.start()).isEqualTo(4);
        }
    }
}
