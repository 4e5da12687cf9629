package dev.hone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.runtime.PieceProfile;
import dev.hone.runtime.PlanStep;
import dev.hone.runtime.RunProfile;
import dev.hone.runtime.StepWork;
import dev.hone.tensor.DType;
import dev.hone.testkit.TinyBert;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The times of a run's steps, which must account for all of it. */
@Tag("native")
final class SessionProfileTest {
    private static final int THREADS = 2;

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
    private static Session session;

    @BeforeAll
    static void open() {
        session = Session.open(
                TinyBert.classifier().write(directory),
                SessionOptions.defaults().withThreads(THREADS));
    }

    @AfterAll
    static void close() {
        session.close();
    }

    /** Sequences of the greatest length. */
    private static TokenBatch longest(int sequences) {
        int[][] ids = new int[sequences][TinyBert.POSITIONS];
        Arrays.stream(ids).forEach(sequence -> Arrays.fill(sequence, 5));
        return TokenBatch.of(ids);
    }

    @Test
    void workersThatShareEveryStepMeetAfterIt() {
        RunProfile run = session.profile(TokenBatch.of(new int[] {2, 5, 3}, new int[] {4}));
        assertThat(run.pieces()).hasSize(1);
        PieceProfile piece = run.pieces().getFirst();
        assertThat(piece.together()).isTrue();
        assertThat(piece.rows()).isEqualTo(4);
        accountsForAll(run);
        for (int step = 0; step + 1 < piece.work().size(); step++) {
            for (int worker = 0; worker < THREADS; worker++) {
                assertThat(piece.begin(worker, step + 1))
                        .as("worker %d begins step %d", worker, step + 1)
                        .isGreaterThanOrEqualTo(Math.max(piece.end(0, step), piece.end(1, step)));
            }
        }
    }

    @Test
    void workersWithSequencesOfTheirOwnDoNotMeet() {
        RunProfile run = session.profile(longest(60));
        assertThat(run.pieces()).hasSize(1);
        assertThat(run.pieces().getFirst().together()).isFalse();
        accountsForAll(run);
    }

    @Test
    void longBatchesHaveSeveralPieces() {
        RunProfile run = session.profile(longest(150));
        assertThat(run.pieces()).hasSize(2);
        assertThat(run.pieces().stream().mapToInt(PieceProfile::sequences).sum())
                .isEqualTo(150);
        accountsForAll(run);
    }

    /** Phases follow each other, and each worker's waking, steps and waits fill the time between two of them. */
    private static void accountsForAll(RunProfile run) {
        long before = run.start();
        for (PieceProfile piece : run.pieces()) {
            assertThat(piece.workers()).isEqualTo(THREADS);
            assertThat(List.of(before, piece.start(), piece.called(), piece.returned(), piece.end()))
                    .isSorted();
            for (int worker = 0; worker < THREADS; worker++) {
                long filled = piece.woken(worker);
                for (int step = 0; step < piece.work().size(); step++) {
                    long busy = piece.end(worker, step) - piece.begin(worker, step);
                    assertThat(busy).isNotNegative();
                    assertThat(piece.waited(worker, step)).isNotNegative();
                    filled += busy + piece.waited(worker, step);
                }
                assertThat(filled).isEqualTo(piece.returned() - piece.called());
            }
            before = piece.end();
        }
        assertThat(run.end()).isGreaterThanOrEqualTo(before);
        assertThat(run.duration()).isEqualTo(run.end() - run.start());
    }

    @Test
    void stepsSayWhatTheyAreAndWhatTheyDo() {
        List<PlanStep> steps = session.steps();
        List<StepWork> work = session.profile(longest(3)).pieces().getFirst().work();
        assertThat(steps).hasSameSizeAs(work);
        assertThat(steps.stream().map(PlanStep::kind))
                .containsSubsequence("embedding", "linear", "attention", "linear", "layernorm", "linear", "linear");
        assertThat(steps).allSatisfy(step -> assertThat(step.node()).isNotBlank());
        int rows = 3 * TinyBert.POSITIONS;
        int hidden = TinyBert.HIDDEN;
        long attention = 4L * 3 * TinyBert.POSITIONS * TinyBert.POSITIONS * hidden;
        assertThat(IntStream.range(0, steps.size())
                        .filter(step -> steps.get(step).kind().equals("attention"))
                        .mapToLong(step -> work.get(step).operations()))
                .containsExactly(attention);
        long firstLinear = IntStream.range(0, steps.size())
                .filter(step -> steps.get(step).kind().equals("linear"))
                .mapToLong(step -> work.get(step).operations())
                .findFirst()
                .orElseThrow();
        assertThat(firstLinear).as("queries, keys and values in one").isEqualTo(2L * rows * hidden * 3 * hidden);
        assertThat(work).allSatisfy(each -> {
            assertThat(each.arithmetic()).isEqualTo(DType.F32);
            assertThat(each.bytes()).isNotNegative();
        });
    }

    @Test
    void aProfileLeavesTheSessionAsItWas() {
        TokenBatch batch = longest(2);
        float[] before = session.run(batch).get("logits").values();
        session.profile(batch);
        assertThatThrownBy(() -> session.profile(TokenBatch.of(new int[] {-1}))).isInstanceOf(HoneException.class);
        assertThat(session.run(batch).get("logits").values()).isEqualTo(before);
    }
}
