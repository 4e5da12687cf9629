package dev.hone.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptions that are damaged are refused with an error; before they were looked at, some ended the process. */
class DamagedTokenizerTest {
    private static final int ROUNDS = 400;

    @TempDir
    Path directory;

    private String sound() {
        SmallVocabulary.write(directory);
        return new String(TokenizerDescription.read(directory).json(), StandardCharsets.UTF_8);
    }

    private static void refused(String json, String reason) {
        assertThatThrownBy(() -> TextTokenizer.fromJson(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.CHECKPOINT))
                .hasMessageContaining(reason);
    }

    @Test
    void refusesWhatTheLibraryWouldDieOf() {
        String json = sound();
        refused(json.replace("\"SpecialToken\":{\"id\":\"[SEP]\"", "\"SpecialToken\":{\"id\":\"[END]\""), "[END]");
        refused(json.replace("\"prefix\":\"##\"", "\"prefix\":\"\\ud800\""), "surrogate");
        refused(json.replace("\"prefix\":\"##\"", "\"prefix\":1e999"), "too large");
        refused(json.replace("\"prefix\":\"##\"", "\"prefix\":" + "[".repeat(200) + "]".repeat(200)), "nesting");
        refused(json.replace("\"decoder\":{", "\"decoder\":{,"), "not valid JSON");
        refused(json.substring(0, json.length() / 2), "not valid JSON");
        refused(json + "{}", "follows");
    }

    @Test
    void saysThatTheUnknownTokenIsMissing() {
        String json = sound().replace("\"unk_token\":\"[UNK]\"", "\"unk_token\":\"[NONE]\"");
        try (var tokenizer = TextTokenizer.fromJson(json.getBytes(StandardCharsets.UTF_8))) {
            assertThatThrownBy(() -> tokenizer.encode("giraffe", 8))
                    .isInstanceOfSatisfying(
                            HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.CHECKPOINT));
        }
    }

    @Test
    void survivesAnyChangedBytes() {
        byte[] sound = sound().getBytes(StandardCharsets.UTF_8);
        var random = new SplittableRandom(0x746f6b656eL);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = sound.clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                damaged[random.nextInt(damaged.length)] = sound[random.nextInt(sound.length)];
            }
            if (random.nextInt(4) == 0) {
                damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            }
            refused += isRefused(damaged) ? 1 : 0;
        }
        assertThat(refused).isBetween(ROUNDS / 4, ROUNDS);
    }

    private static boolean isRefused(byte[] json) {
        try (var tokenizer = TextTokenizer.fromJson(json)) {
            tokenizer.encode("the [MASK] giraffe walks", "in Paris", 12);
            return false;
        } catch (HoneException e) {
            assertThat(e.category()).isEqualTo(Category.CHECKPOINT);
            return true;
        }
    }

    @Test
    void encodesOnManyThreadsAtOnce() throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        try (var tokenizer = SmallVocabulary.open(directory)) {
            int[] expected = tokenizer.encode("the cat walks in new york", 16).ids();
            var threads = new Thread[4];
            for (int index = 0; index < threads.length; index++) {
                threads[index] = Thread.ofPlatform()
                        .uncaughtExceptionHandler((thread, thrown) -> failure.set(thrown))
                        .start(() -> {
                            for (int round = 0; round < 200; round++) {
                                assertThat(tokenizer
                                                .encode("the cat walks in new york", 16)
                                                .ids())
                                        .isEqualTo(expected);
                            }
                        });
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(failure.get()).isNull();
    }
}
