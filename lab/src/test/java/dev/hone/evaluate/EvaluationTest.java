package dev.hone.evaluate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.evaluate.Evaluation.Conditions;
import dev.hone.evaluate.EvaluationResult.Against;
import dev.hone.evaluate.Prediction.Logits;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Example.Labelled;
import dev.hone.task.TextInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EvaluationTest {
    private static final LabelMap TWO = LabelMap.of(DataTask.SST2, List.of("NEGATIVE", "POSITIVE"));

    @TempDir
    private Path folder;

    @Test
    void aGradeIsOneNumber() {
        assertThat(TaskPredictor.grade(new float[] {2.5f})).isEqualTo(new Prediction.Grade(2.5));
        assertThatThrownBy(() -> TaskPredictor.grade(new float[3]))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("3 logits where a grade is one");
    }

    /** Says positive to texts that the predicate accepts, and counts its calls. */
    private static final class FakePredictor implements Predictor {
        private final Predicate<String> positive;
        private final List<Integer> calls = new ArrayList<>();

        FakePredictor(Predicate<String> positive) {
            this.positive = positive;
        }

        @Override
        public List<Prediction> answer(List<Example> examples) {
            calls.add(examples.size());
            return examples.stream()
                    .map(row -> positive.test(((Labelled) row).input().text()))
                    .map(yes -> (Prediction) new Logits(yes ? new float[] {0, 1} : new float[] {1, 0}))
                    .toList();
        }

        @Override
        public long tokenizerNanos() {
            return calls.size();
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }

    @Test
    void answersComeBackInTheOrderOfTheRows() throws IOException {
        FakePredictor right = new FakePredictor(text -> text.length() % 2 == 1);
        Evaluation evaluation = evaluation(new Entrant("fake", "f32", right));
        evaluation.answer(rows(1100), () -> {});
        EvaluationResult result = evaluation.results().getFirst();
        assertThat(result.metrics()).containsEntry("accuracy", 1.0);
        assertThat(result.rows()).isEqualTo(1100);
        assertThat(result.intervals()).containsKey("accuracy");
        assertThat(result.latency().p99())
                .isGreaterThanOrEqualTo(result.latency().p50());
        assertThat(result.modelBytes()).isEqualTo(5);
        assertThat(result.against()).isNull();
        // One call more than the rows need: the first one is repeated before the clock starts.
        assertThat(right.calls.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1100 + 8);
    }

    @Test
    void comparesWithTheFirst() throws IOException {
        Evaluation evaluation = evaluation(
                new Entrant("fake", "f32", new FakePredictor(text -> text.length() % 2 == 1)),
                new Entrant("fake", "int8", new FakePredictor(text -> text.length() % 2 == 1 && text.length() > 20)));
        List<String> told = new ArrayList<>();
        evaluation.answer(rows(200), () -> told.add("window"));
        Against against = requireNonNull(evaluation.results().getLast().against());
        assertThat(against.precision()).isEqualTo("f32");
        assertThat(requireNonNull(against.mcnemar()).won()).isZero();
        assertThat(against.mcnemar().lost()).isGreaterThan(20);
        assertThat(requireNonNull(against.differences().get("accuracy")).real()).isTrue();
        assertThat(against.agreement()).containsKeys("same_answers", "logit_cosine", "logit_divergence");
        assertThat(told).containsExactly("window");
    }

    @Test
    void noRowIsAnError() throws IOException {
        Evaluation evaluation = evaluation(new Entrant("fake", "f32", new FakePredictor(_ -> true)));
        evaluation.answer(List.of(), () -> {});
        assertThatThrownBy(evaluation::results)
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("no row");
    }

    @ParameterizedTest
    @CsvSource({"positive, 1", "Negative, 0", "1, 1", "0, 0"})
    void readsNamesAndNumbers(String label, int expected) {
        assertThat(TWO.of(row(label))).isEqualTo(expected);
    }

    @Test
    void putsPublishedNumbersIntoTheModelsOrder() {
        LabelMap swapped = LabelMap.of(DataTask.MNLI, List.of("CONTRADICTION", "NEUTRAL", "ENTAILMENT"));
        assertThat(swapped.of(row("0"))).isEqualTo(2);
        assertThat(swapped.of(row("entailment"))).isEqualTo(2);
        LabelMap unnamed = LabelMap.of(DataTask.MNLI, List.of("LABEL_0", "LABEL_1", "LABEL_2"));
        assertThat(unnamed.of(row("contradiction"))).isEqualTo(2);
        assertThat(unnamed.of(row("1"))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"great", "2", "-1"})
    void refusesUnknownLabels(String label) {
        assertThatThrownBy(() -> TWO.of(row(label)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("d.jsonl:7")
                .hasMessageContaining("unknown label '" + label + "'");
    }

    @Test
    void refusesAModelWithoutLabels() {
        assertThatThrownBy(() -> LabelMap.of(DataTask.CLASSIFICATION, List.of()))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("--labels");
    }

    private Evaluation evaluation(Entrant... entrants) throws IOException {
        Path model = Files.writeString(folder.resolve("model.onnx"), "model");
        Conditions conditions = new Conditions(DataTask.SST2, new Judge.Labels(TWO), model, 8, 1);
        return new Evaluation(conditions, List.of(entrants), (_, _, _) -> {});
    }

    private static List<Example> rows(int count) {
        List<Example> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            int length = 1 + row * 7 % 50;
            rows.add(new Labelled("" + row, TextInput.of("x".repeat(length)), "" + length % 2, "d.jsonl:" + row));
        }
        return rows;
    }

    private static Labelled row(String label) {
        return new Labelled("7", TextInput.of("x"), label, "d.jsonl:7");
    }
}
