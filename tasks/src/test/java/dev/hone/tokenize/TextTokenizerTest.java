package dev.hone.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTokenizerTest {
    private static final int CLS = SmallVocabulary.id("[CLS]");
    private static final int SEP = SmallVocabulary.id("[SEP]");
    private static final int UNK = SmallVocabulary.id("[UNK]");

    @TempDir
    Path directory;

    private TextTokenizer tokenizer;

    @BeforeEach
    void open() {
        tokenizer = SmallVocabulary.open(directory);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void splitsWordsIntoPiecesBetweenSpecialTokens() {
        Encoding encoding = tokenizer.encode("The cat walking", 32);
        assertThat(encoding.tokens()).containsExactly("[CLS]", "the", "cat", "walk", "##ing", "[SEP]");
        assertThat(encoding.ids()).startsWith(CLS).endsWith(SEP);
        assertThat(encoding.starts()).containsExactly(0, 0, 4, 8, 12, 0);
        assertThat(encoding.ends()).containsExactly(0, 3, 7, 12, 15, 0);
        assertThat(encoding.words()).containsExactly(-1, 0, 1, 2, 2, -1);
        assertThat(encoding.special()).containsExactly(true, false, false, false, false, true);
        assertThat(encoding.sequences()).containsExactly(-1, 0, 0, 0, 0, -1);
        assertThat(encoding.types()).containsOnly(0);
    }

    @Test
    void countsOffsetsInCodePoints() {
        String text = "\uD83D\uDE00 caf\u00e9 cat";
        Encoding encoding = tokenizer.encode(text, 32);
        assertThat(encoding.tokens()).containsExactly("[CLS]", "[UNK]", "cafe", "cat", "[SEP]");
        assertThat(encoding.starts()).containsExactly(0, 0, 2, 7, 0);
        assertThat(UnicodeText.slice(text, 2, 6)).isEqualTo("caf\u00e9");
    }

    @Test
    void treatsLoneSurrogatesAsReplacementCharacters() {
        for (String text : List.of("cat\uD800cat", "\uDC00 cat", "cat \uD83D", "\uDE00\uD83D cat")) {
            Encoding encoding = tokenizer.encode(text, 32);
            Encoding replaced = tokenizer.encode(UnicodeText.wellFormed(text), 32);
            assertThat(encoding.ids()).isEqualTo(replaced.ids());
            assertThat(encoding.starts()).isEqualTo(replaced.starts());
            assertThat(Arrays.stream(encoding.ends()).max().orElseThrow())
                    .isLessThanOrEqualTo(text.codePointCount(0, text.length()));
        }
        assertThat(UnicodeText.wellFormed("a\uD83D\uDE00b\uD83Dc\uDE00")).isEqualTo("a\uD83D\uDE00b\uFFFDc\uFFFD");
        assertThat(tokenizer.encode("\uD800 cat", 8).starts()).contains(2);
    }

    @Test
    void survivesTextsOfEveryKind() {
        assertThat(tokenizer.encode("", 8).ids()).containsExactly(CLS, SEP);
        assertThat(tokenizer.encode(" \t\n", 8).ids()).containsExactly(CLS, SEP);
        assertThat(tokenizer.encode("cat\u0000dog cat", 8).tokens()).contains("cat");
        assertThat(tokenizer.encode("a".repeat(100_000), 512).ids()).containsExactly(CLS, UNK, SEP);
        assertThat(tokenizer.encode("cat ".repeat(25_000), 512).ids())
                .hasSize(512)
                .endsWith(SEP);
        assertThat(tokenizer.encode("cat ".repeat(25_000), 100_000).ids()).hasSize(25_002);
        assertThat(tokenizer.encode("", "", 8).ids()).containsExactly(CLS, SEP, SEP);
    }

    @Test
    void readsSpecialTokensInTheTextAsTokens() {
        Encoding encoding = tokenizer.encode("the [MASK] cat", 16);
        assertThat(encoding.tokens()).containsExactly("[CLS]", "the", "[MASK]", "cat", "[SEP]");
        assertThat(encoding.special()).containsExactly(true, false, false, false, true);
        assertThat(tokenizer.idOf("[MASK]")).isEqualTo(SmallVocabulary.id("[MASK]"));
        assertThat(tokenizer.idOf("giraffe")).isEqualTo(-1);
    }

    @Test
    void marksTheTextsOfAPair() {
        Encoding encoding = tokenizer.encode("the cat", "dog", 16);
        assertThat(encoding.tokens()).containsExactly("[CLS]", "the", "cat", "[SEP]", "dog", "[SEP]");
        assertThat(encoding.types()).containsExactly(0, 0, 0, 0, 1, 1);
        assertThat(encoding.sequences()).containsExactly(-1, 0, 0, -1, 1, -1);
        assertThat(encoding.starts()).containsExactly(0, 0, 4, 0, 0, 0);
    }

    @Test
    void cutsTheLongerTextOfAPairFirst() {
        assertThat(new PairLengths(3, 4).cutTo(7)).isEqualTo(new PairLengths(3, 4));
        assertThat(new PairLengths(2, 20).cutTo(10)).isEqualTo(new PairLengths(2, 8));
        assertThat(new PairLengths(20, 2).cutTo(10)).isEqualTo(new PairLengths(8, 2));
        assertThat(new PairLengths(20, 30).cutTo(11)).isEqualTo(new PairLengths(5, 6));
        assertThat(new PairLengths(30, 20).cutTo(11)).isEqualTo(new PairLengths(6, 5));
        assertThat(new PairLengths(20, 20).cutTo(11)).isEqualTo(new PairLengths(5, 6));
        Encoding encoding = tokenizer.encode("cat ".repeat(30), "dog ".repeat(2), 16);
        assertThat(encoding.length()).isEqualTo(16);
        assertThat(Arrays.stream(encoding.tokens()).filter("dog"::equals)).hasSize(2);
    }

    @Test
    void windowsCoverTheContextAndShareTheStride() {
        String context = "cat dog ".repeat(10).strip();
        List<Encoding> windows = tokenizer.windows("the dog", context, 13, 3);
        assertThat(windows).hasSize(4);
        int covered = 0;
        for (Encoding window : windows) {
            assertThat(window.tokens()).startsWith("[CLS]", "the", "dog", "[SEP]");
            int firstOfContext = window.starts()[4];
            assertThat(firstOfContext).isEqualTo(Math.max(0, covered - 3 * 4));
            covered = window.ends()[window.length() - 2] + 1;
        }
        assertThat(covered).isEqualTo(context.length() + 1);
        assertThat(tokenizer.windows("the dog", "", 13, 3)).hasSize(1);
        assertThat(tokenizer.windows("the dog", "cat ".repeat(8), 13, 3)).hasSize(1);
    }

    @Test
    void refusesAQuestionThatLeavesNoRoom() {
        assertThatThrownBy(() -> tokenizer.windows("cat ".repeat(20), "dog", 16, 4))
                .isInstanceOfSatisfying(
                        HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.INPUT))
                .hasMessageContaining("20 tokens");
        assertThatThrownBy(() -> tokenizer.encode("cat", 1)).isInstanceOf(HoneException.class);
    }

    @Test
    void refusesToWorkAfterClosing() {
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("cat", 8))
                .isInstanceOfSatisfying(
                        HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.CLOSED));
    }

    @Test
    void refusesDirectoriesWithoutAUsableTokenizer(@TempDir Path other) throws IOException {
        assertThatThrownBy(() -> TextTokenizer.open(other))
                .hasMessageContaining("neither tokenizer.json nor vocab.txt");
        Files.writeString(other.resolve("vocab.txt"), "cat\ndog\n");
        assertThatThrownBy(() -> TextTokenizer.open(other)).hasMessageContaining("special token");
        for (String json : List.of("", "{", "{}", "[]", "{\"model\":{\"type\":\"WordPiece\"}}", "\u0000")) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> TextTokenizer.fromJson(bytes))
                    .isInstanceOfSatisfying(
                            HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.CHECKPOINT));
        }
    }

    @Test
    void honoursTheConfigurationBesideTheVocabulary(@TempDir Path other) throws IOException {
        SmallVocabulary.write(other);
        Files.writeString(
                other.resolve("tokenizer_config.json"),
                "{\"do_lower_case\": false, \"model_max_length\": 64, \"mask_token\": {\"content\": \"[MASK]\"}}");
        try (var cased = TextTokenizer.open(other)) {
            assertThat(cased.encode("The cat", 8).tokens()).containsExactly("[CLS]", "[UNK]", "cat", "[SEP]");
            assertThat(cased.description().maximumLength()).contains(64);
            assertThat(cased.description().maskToken()).contains("[MASK]");
            assertThat(cased.description().model().continuationPrefix()).contains("##");
        }
    }

    @Test
    void decodesPiecesToWords() {
        int[] ids = {SmallVocabulary.id("walk"), SmallVocabulary.id("##ing")};
        assertThat(tokenizer.decode(ids)).isEqualTo("walking");
    }
}
