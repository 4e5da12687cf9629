package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.tokenize.SmallVocabulary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TasksTest {
    private static final int GOOD = SmallVocabulary.id("good");
    private static final int BAD = SmallVocabulary.id("bad");
    private static final double ROUNDING = 1e-6;

    @TempDir
    Path directory;

    private Hone hone(FakeEncoder encoder, List<String> labels, Optional<ProblemType> problem) {
        var configuration = new TaskConfiguration("", labels, problem, 64, Pooling.DEFAULT);
        return Hone.of(encoder, SmallVocabulary.open(directory), configuration);
    }

    private static float[] count(int[] ids) {
        return new float[] {count(ids, BAD), count(ids, GOOD)};
    }

    private static long count(int[] ids, int id) {
        return Arrays.stream(ids).filter(one -> one == id).count();
    }

    @Test
    void classifiesWithSoftmaxBestFirst() {
        var encoder = new FakeEncoder(64).perSequence("logits", TasksTest::count);
        try (var classifier =
                hone(encoder, List.of("NEGATIVE", "POSITIVE"), Optional.empty()).classifier()) {
            Classification classification = classifier.classify("good good film");
            assertThat(classification.labels()).extracting(LabelScore::label).containsExactly("POSITIVE", "NEGATIVE");
            assertThat(classification.best().score()).isCloseTo(1 / (1 + Math.exp(-2)), within(ROUNDING));
            assertThat(classifier.classify("good", "bad bad").best().label()).isEqualTo("NEGATIVE");
            assertThat(classifier.classify("").best().score()).isEqualTo(0.5);
            assertThat(classifier.classify(List.of())).isEmpty();
        }
        assertThat(encoder.closed()).isTrue();
    }

    @Test
    void classifiesWithSigmoidsOrPlainValues() {
        var encoder = new FakeEncoder(64).perSequence("logits", TasksTest::count);
        try (var classifier =
                hone(encoder, List.of(), Optional.of(ProblemType.MULTI_LABEL)).classifier()) {
            var labels = classifier.classify("good bad").labels();
            assertThat(labels).extracting(LabelScore::label).containsExactly("LABEL_0", "LABEL_1");
            assertThat(labels)
                    .allSatisfy(label -> assertThat(label.score()).isCloseTo(1 / (1 + Math.exp(-1)), within(ROUNDING)));
        }
        var value = new FakeEncoder(64).perSequence("logits", ids -> new float[] {count(ids, GOOD)});
        try (var classifier =
                hone(value, List.of(), Optional.of(ProblemType.REGRESSION)).classifier()) {
            assertThat(classifier.classify("good good good").best()).isEqualTo(new LabelScore("LABEL_0", 3));
        }
        var single = new FakeEncoder(64).perSequence("logits", ids -> new float[] {count(ids, GOOD)});
        try (var classifier = hone(single, List.of(), Optional.empty()).classifier()) {
            assertThat(classifier.classify("film").best().score()).isEqualTo(0.5);
        }
    }

    @Test
    void refusesLabelsThatDoNotFitTheLogits() {
        var encoder = new FakeEncoder(64).perSequence("logits", TasksTest::count);
        try (var classifier = hone(encoder, List.of("ONE"), Optional.empty()).classifier()) {
            assertThatThrownBy(() -> classifier.classify("good")).hasMessageContaining("id2label");
        }
    }

    @Test
    void batchesByLengthAndAnswersInOrder() {
        var encoder = new FakeEncoder(64).perSequence("logits", TasksTest::count);
        List<String> texts = IntStream.range(0, 1300)
                .mapToObj(index -> "good ".repeat(index * 7 % 60))
                .toList();
        try (var classifier =
                hone(encoder, List.of(), Optional.of(ProblemType.REGRESSION)).classifier()) {
            List<Classification> answers = classifier.classify(texts);
            assertThat(answers).hasSameSizeAs(texts);
            for (int index = 0; index < texts.size(); index++) {
                assertThat(answers.get(index).best().score()).isEqualTo(index * 7 % 60);
            }
            assertThat(encoder.batchRows())
                    .hasSizeGreaterThan(3)
                    .allSatisfy(rows -> assertThat(rows).isLessThanOrEqualTo(TextModel.TOKEN_BUDGET));
            List<Double> streamed = classifier
                    .classify(texts.stream().map(TextInput::of))
                    .map(answer -> answer.best().score())
                    .toList();
            assertThat(streamed)
                    .isEqualTo(answers.stream()
                            .map(answer -> answer.best().score())
                            .toList());
        }
    }

    @Test
    void streamsReadOnlyWhatIsAskedFor() {
        var encoder = new FakeEncoder(64).perSequence("logits", TasksTest::count);
        var read = new AtomicInteger();
        try (var classifier = hone(encoder, List.of(), Optional.empty()).classifier()) {
            var endless = Stream.generate(() -> TextInput.of("good " + read.incrementAndGet()));
            assertThat(classifier.classify(endless).limit(3)).hasSize(3);
            assertThat(read.get()).isBetween(3, 2000);
        }
    }

    @Test
    void poolsTokensWhereTheEncoderDoesNot() {
        var encoder = new FakeEncoder(64)
                .perToken(
                        "last_hidden_state",
                        ids -> Arrays.stream(ids)
                                .mapToObj(id -> new float[] {id == GOOD ? 3 : 0, id == BAD ? 4 : 0})
                                .toArray(float[][]::new));
        try (var embedder = hone(encoder, List.of(), Optional.empty()).embedder()) {
            float[][] vectors = embedder.embed(List.of("good bad", "good", ""));
            assertThat(vectors[0]).containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
            assertThat(vectors[1]).containsExactly(1, 0);
            assertThat(vectors[2]).containsExactly(0, 0);
        }
        var rows = new OutputRows(new float[] {9, 9, 1, -8, 3, 2}, 2, 1, 2);
        assertThat(new Pooling(Pooling.Mode.MEAN, false).apply(rows)).containsExactly(2, -3);
        assertThat(new Pooling(Pooling.Mode.CLS, false).apply(rows)).containsExactly(1, -8);
        assertThat(new Pooling(Pooling.Mode.MAX, false).apply(rows)).containsExactly(3, 2);
    }

    @Test
    void takesTheVectorsThatTheEncoderPooled() {
        var encoder = new FakeEncoder(64).perSequence("sentence_embedding", ids -> new float[] {ids.length, 1});
        try (var embedder = hone(encoder, List.of(), Optional.empty()).embedder()) {
            assertThat(embedder.embed("good bad")).containsExactly(4, 1);
            assertThat(embedder.embed(Stream.of("good", ""))).containsExactly(new float[] {3, 1}, new float[] {2, 1});
        }
    }

    @Test
    void fillsEachMaskedPlace() {
        int cat = SmallVocabulary.id("cat");
        int dog = SmallVocabulary.id("dog");
        var encoder = new FakeEncoder(64)
                .perToken(
                        "logits",
                        ids -> IntStream.range(0, ids.length)
                                .mapToObj(position -> {
                                    float[] row = new float[SmallVocabulary.size()];
                                    row[cat] = 5;
                                    row[dog] = position;
                                    return row;
                                })
                                .toArray(float[][]::new));
        try (var filler = hone(encoder, List.of(), Optional.empty()).maskFiller()) {
            MaskFilling filling = filler.fill("the [MASK] walks in the new good bad film [MASK].", 2);
            assertThat(filling.masks()).hasSize(2);
            assertThat(filling.candidates()).extracting(Candidate::token).containsExactly("cat", "dog");
            assertThat(filling.masks().getLast()).extracting(Candidate::token).containsExactly("dog", "cat");
            double others = SmallVocabulary.size() - 2;
            assertThat(filling.candidates().getFirst().score())
                    .isCloseTo(Math.exp(5) / (Math.exp(5) + Math.exp(2) + others), within(ROUNDING));
            assertThatThrownBy(() -> filler.fill("no place", 3)).hasMessageContaining("[MASK]");
        }
    }

    @Test
    void givesIdsAndOutputsAsTheyAre() {
        var encoder = new FakeEncoder(64)
                .perSequence("logits", TasksTest::count)
                .perToken(
                        "last_hidden_state",
                        ids -> Arrays.stream(ids)
                                .mapToObj(id -> new float[] {id})
                                .toArray(float[][]::new));
        try (var raw = hone(encoder, List.of(), Optional.empty()).rawOutputs()) {
            for (RawAnswer answer : raw.run(List.of(TextInput.of("good bad"), TextInput.pair("cat", "good")))) {
                float[] hidden = answer.outputs().get("last_hidden_state").values();
                assertThat(hidden).hasSize(answer.inputIds().length);
                for (int token = 0; token < hidden.length; token++) {
                    assertThat((int) hidden[token]).isEqualTo(answer.inputIds()[token]);
                }
                assertThat(answer.outputs().get("logits").values()).containsExactly(count(answer.inputIds()));
            }
        }
    }

    @Test
    void refusesATaskThatTheModelHasNoHeadFor() {
        var encoder = new FakeEncoder(64).perSequence("logits", TasksTest::count);
        Hone hone = hone(encoder, List.of(), Optional.empty());
        assertThatThrownBy(hone::questionAnswerer)
                .isInstanceOfSatisfying(
                        HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.USAGE))
                .hasMessageContaining("start_logits");
        assertThat(encoder.closed()).isTrue();
        assertThatThrownBy(hone::classifier)
                .isInstanceOfSatisfying(
                        HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.CLOSED));
    }

    @Test
    void refusesATaskThatTheRowsOfAHeadDoNotFit() {
        var perText = new FakeEncoder(64).perSequence("logits", TasksTest::count);
        try (Hone hone = hone(perText, List.of(), Optional.empty())) {
            assertThatThrownBy(() -> hone.tokenClassifier().entities("good"))
                    .isInstanceOf(HoneException.class)
                    .hasMessage("this model cannot be used for token classification: its output logits has one row"
                            + " for the text, not one for each token; choose the task that fits its head");
            assertThatThrownBy(() -> hone.tokenClassifier().labelWords(List.of(List.of("good"))))
                    .hasMessageContaining("one row for the text");
            assertThatThrownBy(() -> hone.maskFiller().fill("good [MASK]", 1))
                    .hasMessageContaining("filling masks")
                    .hasMessageContaining("one row for the text");
        }
        var perToken = new FakeEncoder(64)
                .perToken(
                        "logits",
                        ids -> Arrays.stream(ids).mapToObj(_ -> new float[2]).toArray(float[][]::new));
        try (Hone hone = hone(perToken, List.of(), Optional.empty())) {
            assertThatThrownBy(() -> hone.classifier().classify("good")).hasMessageContaining("a row for each token");
            assertThatThrownBy(() -> hone.classifier().logits(List.of(TextInput.of("good"))))
                    .hasMessageContaining("a row for each token");
            assertThatThrownBy(() -> hone.maskFiller().fill("good [MASK]", 1))
                    .hasMessageContaining("has 2 values, fewer than the vocabulary");
        }
    }

    @Test
    void staysOpenWhileOneTaskIs() {
        var encoder = new FakeEncoder(64).perSequence("logits", TasksTest::count);
        Hone hone = hone(encoder, List.of(), Optional.empty());
        var first = hone.classifier();
        var second = hone.rawOutputs();
        first.close();
        first.close();
        assertThat(encoder.closed()).isFalse();
        assertThat(second.run(List.of(TextInput.of("good")))).hasSize(1);
        assertThatThrownBy(() -> first.classify("good"))
                .isInstanceOfSatisfying(
                        HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.CLOSED));
        second.close();
        assertThat(encoder.closed()).isTrue();
    }

    @Test
    void choosesTheBestOfManyValues() {
        assertThat(Scores.top(new float[] {1, 5, 3, 5, 2}, 3)).containsExactly(1, 3, 2);
        assertThat(Scores.top(new float[] {1, 2}, 5)).containsExactly(1, 0);
        assertThat(Scores.top(new float[] {1, 2}, 0)).isEmpty();
        assertThat(Scores.softmax(new float[] {1000, 1000, -1000})).containsExactly(0.5, 0.5, 0);
        assertThat(Scores.best(new double[] {1, 2, 2})).isEqualTo(1);
    }
}
