package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.session.SessionOptions;
import dev.hone.testkit.SmallCheckpoint;
import dev.hone.testkit.TinyBert;
import dev.hone.tokenize.SmallVocabulary;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that nobody means to send, through a compiled model: each gets an answer. */
@Tag("native")
final class HostileTextsTest {
    private static final LoadOptions OPTIONS =
            new LoadOptions(SessionOptions.defaults().withThreads(2), Integer.MAX_VALUE);
    private static final int LONG = 100_000;

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
    private static TextClassifier classifier;

    @BeforeAll
    static void open() {
        model().write(directory);
        SmallVocabulary.write(directory);
        classifier = Hone.load(directory, OPTIONS).classifier();
    }

    @AfterAll
    static void close() {
        classifier.close();
    }

    private static SmallCheckpoint model() {
        return TinyBert.classifier()
                .set("vocab_size", SmallVocabulary.size())
                .tensor("bert.embeddings.word_embeddings.weight", SmallVocabulary.size(), TinyBert.HIDDEN);
    }

    @Test
    void everyTextIsAnswered() {
        List<String> texts = List.of(
                "",
                " ",
                "good " + "film ".repeat(LONG / 5),
                "x".repeat(LONG),
                "\uD83D\uDE00".repeat(LONG / 2),
                "lone \uD800 high",
                "\uDC00 lone low",
                "swapped \uDE00\uD83D pair \uD83D",
                "\0",
                "nul \0 in \0\0 between",
                "\uFEFF\u200B\u202E\uFFFF",
                "\r\n\t\u000B\u0085\u2028");
        List<Classification> answers = classifier.classify(texts);
        assertThat(answers).hasSameSizeAs(texts);
        for (int index = 0; index < texts.size(); index++) {
            assertThat(answers.get(index).labels()).as("text %d", index).hasSize(TinyBert.LABELS);
            assertThat(answers.get(index).labels().stream()
                            .mapToDouble(LabelScore::score)
                            .sum())
                    .as("text %d", index)
                    .isCloseTo(1, within(1e-5));
            assertThat(classifier.classify(texts.get(index)))
                    .as("text %d alone as among the others", index)
                    .isEqualTo(answers.get(index));
        }
    }

    @Test
    void pairsOfLongTextsAreCutToFit() {
        String text = "the cat ".repeat(LONG / 8);
        assertThat(classifier.classify(text, text).labels()).hasSize(TinyBert.LABELS);
        assertThat(classifier.classify("", text).labels()).hasSize(TinyBert.LABELS);
        assertThat(classifier.classify(text, "").labels()).hasSize(TinyBert.LABELS);
        assertThat(classifier.classify("", "").labels()).hasSize(TinyBert.LABELS);
    }

    @Test
    void noTextsGetNoAnswers() {
        assertThat(classifier.classify(List.of())).isEmpty();
    }

    @Test
    void closedTasksSaySo(@TempDir Path other) {
        model().write(other);
        SmallVocabulary.write(other);
        TextClassifier closed = Hone.load(other, OPTIONS).classifier();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.classify("good"))
                .asInstanceOf(type(HoneException.class))
                .satisfies(failure -> assertThat(failure.category()).isEqualTo(Category.CLOSED));
    }

    /** The tokenizer knows more words than the model has rows: the id is refused, not read past the table. */
    @Test
    void tokenizersOfOtherModelsAreRefused(@TempDir Path other) {
        TinyBert.classifier().write(other);
        SmallVocabulary.write(other);
        try (TextClassifier foreign = Hone.load(other, OPTIONS).classifier()) {
            assertThatThrownBy(() -> foreign.classify("good film"))
                    .hasMessageContaining("tokenizer")
                    .asInstanceOf(type(HoneException.class))
                    .satisfies(failure -> assertThat(failure.category()).isEqualTo(Category.INPUT));
        }
    }
}
