package dev.hone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.testkit.TinyBert;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches that an opened model refuses: it says why, and answers the next batch as before. */
@Tag("native")
final class SessionBadInputTest {
    private static final TokenBatch GOOD = TokenBatch.of(new int[] {2, 5, 3}, new int[] {4});

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
    private static Session session;

    @BeforeAll
    static void open() {
        session = Session.open(
                TinyBert.classifier().write(directory),
                SessionOptions.defaults().withThreads(2));
    }

    @AfterAll
    static void close() {
        session.close();
    }

    static Stream<Arguments> refusedBatches() {
        int[] longest = new int[TinyBert.POSITIONS + 1];
        return Stream.of(
                Arguments.of(TokenBatch.of(), "batch is empty"),
                Arguments.of(TokenBatch.of(new int[] {1}, new int[] {}), "sequence 1 has no tokens"),
                Arguments.of(TokenBatch.of(new int[] {1, TinyBert.VOCABULARY}), "token 1: id 11"),
                Arguments.of(TokenBatch.of(new int[] {-1}), "id -1"),
                Arguments.of(TokenBatch.of(new int[] {Integer.MIN_VALUE}), "id -2147483648"),
                Arguments.of(TokenBatch.of(new int[] {Integer.MAX_VALUE}), "id 2147483647"),
                Arguments.of(types(TinyBert.TYPES), "type 2"),
                Arguments.of(types(-1), "type -1"),
                Arguments.of(TokenBatch.of(longest), "at most 9"));
    }

    private static TokenBatch types(int type) {
        return new TokenBatch(new int[][] {{1}}, new int[][] {{type}});
    }

    @ParameterizedTest
    @MethodSource("refusedBatches")
    void badBatchesAreRefusedAndLeaveTheSessionAsItWas(TokenBatch bad, String reason) {
        float[] before = session.run(GOOD).get("logits").values();
        assertThatThrownBy(() -> session.run(bad))
                .asInstanceOf(type(HoneException.class))
                .satisfies(failure -> {
                    assertThat(failure.category()).isEqualTo(Category.INPUT);
                    assertThat(failure).hasMessageContaining(reason);
                });
        assertThat(session.run(GOOD).get("logits").values()).containsExactly(before);
    }

    @Test
    void everyIdTypeAndLengthThatIsAllowedIsAnswered() {
        int[] ids = new int[TinyBert.POSITIONS];
        int[] types = new int[TinyBert.POSITIONS];
        Arrays.fill(ids, TinyBert.VOCABULARY - 1);
        Arrays.fill(types, TinyBert.TYPES - 1);
        float[] answer = session.run(new TokenBatch(new int[][] {ids}, new int[][] {types}))
                .get("logits")
                .values();
        assertThat(answer).hasSize(TinyBert.LABELS).doesNotContain(Float.NaN);
        assertThat(session.maximumLength()).isEqualTo(TinyBert.POSITIONS);
    }

    @Test
    void closedSessionsSaySo() {
        Session closed = Session.open(directory, SessionOptions.defaults().withThreads(2));
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.run(GOOD))
                .asInstanceOf(type(HoneException.class))
                .satisfies(failure -> assertThat(failure.category()).isEqualTo(Category.CLOSED));
    }
}
