package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.HoneException;
import dev.hone.tokenize.SmallVocabulary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionAnswererTest {
    private static final int NEW = SmallVocabulary.id("new");
    private static final int YORK = SmallVocabulary.id("york");

    @TempDir
    Path directory;

    /** Starts at "new", ends at "york"; the first token has {@code none} in both. */
    private QuestionAnswerer answerer(float none, QuestionOptions options) {
        var encoder = new FakeEncoder(64)
                .perToken("start_logits", ids -> logits(ids, NEW, none))
                .perToken("end_logits", ids -> logits(ids, YORK, none));
        var configuration = new TaskConfiguration("", List.of(), Optional.empty(), 64, Pooling.DEFAULT);
        return Hone.of(encoder, SmallVocabulary.open(directory), configuration).questionAnswerer(options);
    }

    private static float[][] logits(int[] ids, int wanted, float none) {
        float[][] logits = new float[ids.length][1];
        for (int token = 0; token < ids.length; token++) {
            logits[token][0] = ids[token] == wanted ? 4 : 0;
        }
        logits[0][0] = none;
        return logits;
    }

    @Test
    void answersWithASliceOfTheContext() {
        try (var answerer = answerer(-1, QuestionOptions.DEFAULT)) {
            Answer answer = answerer.answer("  Where lives John?", "\uD83D\uDE00 John lives in New York.");
            assertThat(answer.answer()).isEqualTo("New York");
            assertThat(answer.start()).isEqualTo(16);
            assertThat(answer.end()).isEqualTo(24);
            assertThat(answer.nullMargin()).isCloseTo(-10, within(1e-6));
            assertThat(answer.score()).isBetween(0.5, 1.0);
        }
    }

    @Test
    void saysThatThereIsNoAnswer() {
        try (var answerer = answerer(5, QuestionOptions.DEFAULT)) {
            Answer answer = answerer.answer("where?", "new york");
            assertThat(answer.answer()).isEmpty();
            assertThat(answer.start()).isZero();
            assertThat(answer.end()).isZero();
            assertThat(answer.nullMargin()).isCloseTo(2, within(1e-6));
            // Spans of the context: 8 (new york), 4 (new), 4 (york); the one backwards is not valid.
            assertThat(answer.score()).isCloseTo(1 / (1 + Math.exp(-2) + 2 * Math.exp(-6)), within(1e-9));
        }
        try (var answerer = answerer(5, QuestionOptions.DEFAULT.alwaysAnswering())) {
            Answer answer = answerer.answer("where?", "new york");
            assertThat(answer.answer()).isEqualTo("new york");
            assertThat(answer.score()).isCloseTo(1 / (1 + 2 * Math.exp(-4)), within(1e-9));
        }
    }

    @Test
    void aTieWithNoAnswerIsAnAnswer() {
        try (var answerer = answerer(4, QuestionOptions.DEFAULT)) {
            assertThat(answerer.answer("where?", "new york").answer()).isEqualTo("new york");
        }
    }

    @Test
    void neverAnswersFromTheQuestionOrBackwardsOrTooLong() {
        try (var answerer = answerer(-9, new QuestionOptions(64, 16, 20, 2, 0))) {
            assertThat(answerer.answer("who lives in new york?", "the cat").answer())
                    .isIn("the", "cat", "the cat");
            assertThat(answerer.answer("where?", "york new").answer()).isIn("york", "new");
            assertThat(answerer.answer("where?", "new cat york").answer()).isNotEqualTo("new cat york");
        }
    }

    @Test
    void readsLongContextsInWindows() {
        try (var answerer = answerer(-1, new QuestionOptions(16, 4, 20, 30, 0))) {
            String context = "the cat ".repeat(200) + "in New York " + "the dog ".repeat(200);
            Answer answer = answerer.answer("where?", context);
            assertThat(answer.answer()).isEqualTo("New York");
            assertThat(answer.start()).isEqualTo(context.indexOf("New York"));
        }
    }

    @Test
    void emptyContextsHaveNoAnswer() {
        try (var answerer = answerer(-9, QuestionOptions.DEFAULT)) {
            Answer answer = answerer.answer("where?", "");
            assertThat(answer.answer()).isEmpty();
            assertThat(answer.score()).isEqualTo(1);
        }
        try (var answerer = answerer(-9, QuestionOptions.DEFAULT.alwaysAnswering())) {
            assertThat(answerer.answer("", "").answer()).isEmpty();
        }
    }

    @Test
    void answersManyInTheOrderGiven() {
        try (var answerer = answerer(-1, QuestionOptions.DEFAULT)) {
            var questions = IntStream.range(0, 150)
                    .mapToObj(index -> new Question("where?", "the ".repeat(index % 40) + "new york"))
                    .toList();
            List<Answer> answers = answerer.answer(questions);
            for (int index = 0; index < questions.size(); index++) {
                assertThat(answers.get(index).start()).isEqualTo(4 * (index % 40));
            }
            assertThat(answers).hasSameSizeAs(questions);
        }
    }

    @Test
    void refusesQuestionsThatFillTheWindow() {
        try (var answerer = answerer(-1, QuestionOptions.DEFAULT)) {
            assertThatThrownBy(() -> answerer.answer("cat ".repeat(61), "new york"))
                    .isInstanceOfSatisfying(
                            HoneException.class, e -> assertThat(e.category()).isEqualTo(HoneException.Category.INPUT));
        }
        assertThatThrownBy(() -> new QuestionOptions(0, 0, 1, 1, 0)).isInstanceOf(HoneException.class);
    }
}
