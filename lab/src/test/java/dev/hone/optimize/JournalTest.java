package dev.hone.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.measure.Interval;
import dev.hone.optimize.Workbench.Answered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    /** A device on which every write fails as on a full disk. */
    private static final Path FULL = Path.of("/dev/full");

    private static final Map<String, String> KEY = Map.of("candidate", "hone int8", "what", "answers");
    private static final Map<String, String> OTHER = Map.of("candidate", "hone f32", "what", "answers");

    @TempDir
    private Path folder;

    @Test
    void whatWasMeasuredComesBackAsItWas() {
        Path file = folder.resolve("journal.jsonl");
        double[][] outcomes = {{1, 0.1 + 0.2}, {0, Double.NEGATIVE_INFINITY}};
        Series series = new Series(1.5, 3, 2, new Interval(1.9, 2.1));
        Times times = new Times(series, series, new TreeMap<>(Map.of(16, series)));
        Likeness likeness = new Likeness(Double.POSITIVE_INFINITY, new Fidelity(2, 0.9, 0.95, 1e-3, 1e-4, 0.88, 0.87));
        try (Journal journal = Journal.open(file, false)) {
            journal.add(KEY, new Answered(0.25, outcomes));
            journal.add(Map.of("what", "times"), times);
            journal.add(Map.of("what", "likeness"), likeness);
            journal.add(Map.of("what", "opening"), new OpeningCost(3, null));
        }
        try (Journal journal = Journal.open(file, true)) {
            assertThat(journal.size()).isEqualTo(4);
            assertThat(journal.written()).isZero();
            Answered answered = journal.find(KEY, Answered.class).orElseThrow();
            assertThat(answered.seconds()).isEqualTo(0.25);
            assertThat(answered.outcomes()).isDeepEqualTo(outcomes);
            assertThat(journal.find(Map.of("what", "times"), Times.class)).contains(times);
            assertThat(journal.find(Map.of("what", "likeness"), Likeness.class)).contains(likeness);
            assertThat(journal.find(Map.of("what", "opening"), OpeningCost.class))
                    .contains(new OpeningCost(3, null));
            assertThat(journal.find(OTHER, Answered.class)).isEmpty();
        }
    }

    @Test
    void aLineThatWasCutOffIsMeasuredAgain() throws IOException {
        Path file = folder.resolve("journal.jsonl");
        try (Journal journal = Journal.open(file, false)) {
            journal.add(KEY, 1L);
        }
        Files.writeString(file, "no JSON at all\n{\"key\":{\"candidate\":\"hone f3", StandardOpenOption.APPEND);
        try (Journal journal = Journal.open(file, true)) {
            assertThat(journal.size()).isEqualTo(1);
            journal.add(OTHER, 2L);
        }
        try (Journal journal = Journal.open(file, true)) {
            assertThat(journal.find(KEY, Long.class)).contains(1L);
            assertThat(journal.find(OTHER, Long.class)).contains(2L);
        }
    }

    @Test
    void withoutResumeItBeginsAnew() throws IOException {
        Path file = folder.resolve("journal.jsonl");
        try (Journal journal = Journal.open(file, false)) {
            journal.add(KEY, 1L);
        }
        try (Journal journal = Journal.open(file, false)) {
            assertThat(journal.find(KEY, Long.class)).isEmpty();
        }
        assertThat(Files.size(file)).isZero();
    }

    @Test
    @EnabledIf("hasFullDevice")
    void aFullDiskIsSaid() {
        try (Journal journal = Journal.open(FULL, false)) {
            assertThatThrownBy(() -> journal.add(KEY, 1L))
                    .isInstanceOf(HoneException.class)
                    .hasMessageContaining("--resume")
                    .extracting(thrown -> ((HoneException) thrown).category())
                    .isEqualTo(Category.OUTPUT);
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsSaid() {
        assertThatThrownBy(() -> Journal.open(folder.resolve("absent/journal.jsonl"), false)
                        .close())
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("absent");
    }

    static boolean hasFullDevice() {
        return Files.exists(FULL);
    }
}
