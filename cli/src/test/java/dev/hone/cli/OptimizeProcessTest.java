package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.task.EmbeddedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches in processes of their own that come to a bad end, and go on afterwards. */
@Tag("native")
final class OptimizeProcessTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int INTERRUPTED = 130;
    private static final long POLL_MILLIS = 20;
    private static final int LINES = 4;

    /** More than the libraries take that a process unpacks, less than the compiled model. */
    private static final int MOST_KILOBYTES = 36_000;

    @TempDir
    private Path folder;

    private Path out = Path.of("");

    @BeforeEach
    void writeWhatAllShare() {
        EmbeddedModel.directory();
        out = folder.resolve("out");
    }

    @Test
    void whatWasMeasuredBeforeAnInterruptionIsKeptAndUsed() throws Exception {
        CommandProcess.assumeInterruptible();
        CommandProcess first = start(CommandProcess.INTERRUPTIBLE);
        Path journal = out.resolve("journal.jsonl");
        while (first.process().isAlive() && (!Files.exists(journal) || lines(journal) < LINES)) {
            Thread.sleep(POLL_MILLIS);
        }
        first.interrupt();
        assertThat(first.ended()).as(first.words()).isEqualTo(INTERRUPTED);
        long kept = lines(journal);
        assertThat(first.words()).contains("interrupted", kept + " measurements are kept", "--resume");
        assertThat(CommandProcess.names(out)).containsExactly("journal.jsonl");
        assertThat(first.scratchFolders()).isEmpty();
        assertSucceeds(start(List.of("env"), "--resume"));
        JsonNode spent = MAPPER.readTree(out.resolve("report.json").toFile()).get("spent");
        assertThat(spent.get("known").asLong()).isEqualTo(kept);
        assertThat(CommandProcess.names(out))
                .containsExactly("artefact", "journal.jsonl", "page.html", "page.json", "report.json");
    }

    @Test
    void aDiskWithoutRoomForTheArtefactIsSaidAndCostsNoMeasurement() throws Exception {
        CommandProcess first = start(List.of("bash", "-c", "ulimit -f " + MOST_KILOBYTES + "; exec \"$@\"", "limited"));
        assertThat(first.ended()).as(first.words()).isEqualTo(1);
        assertThat(first.words().lines().filter(line -> line.startsWith("hone: ")))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line).contains("artefact: cannot be written: File too large", "make room", "--resume");
                    assertThat(line).doesNotContain("unfinished");
                });
        assertThat(CommandProcess.names(out)).containsExactly("journal.jsonl");
        assertThat(first.scratchFolders()).isEmpty();
        assertSucceeds(start(List.of("env"), "--resume"));
        assertThat(out.resolve("artefact")).isDirectory();
    }

    @Test
    void dataOfTheHubAreFetchedFromAMirrorOnceAndThenTakenFromTheCache() throws Exception {
        try (StubHub hub = StubHub.ofPairs(3)) {
            List<String> online = List.of("env", "HF_ENDPOINT=" + hub.address(), "HF_HOME=" + folder.resolve("home"));
            assertSucceeds(start(online, "--task", "stsb", "--data", "hf:owner/pairs"));
            JsonNode report = MAPPER.readTree(out.resolve("report.json").toFile());
            assertThat(report.at("/data/source").asText()).contains("test-*-of-00003.jsonl (60 rows)");
            assertThat(hub.served()).hasSize(3).allMatch(name -> name.startsWith("data/test-"));
            List<String> offline = Stream.concat(online.stream(), Stream.of("HF_HUB_OFFLINE=1"))
                    .toList();
            assertSucceeds(start(offline, "--task", "stsb", "--data", "hf:owner/pairs", "--resume"));
            assertThat(hub.served()).hasSize(3);
        }
    }

    private static void assertSucceeds(CommandProcess command) throws InterruptedException, IOException {
        assertThat(command.ended()).as(command.words()).isZero();
    }

    private CommandProcess start(List<String> before, String... more) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("optimize", "--precision", "int8", "--seconds", "0.02", "--samples", "60"));
        arguments.addAll(List.of("--max-loss", "20", "--budget", "30s", "--threads", "1", "--out", out.toString()));
        arguments.addAll(List.of(more));
        return CommandProcess.start(folder, before, arguments);
    }

    private static long lines(Path file) throws IOException {
        return Files.readString(file).chars().filter(each -> each == '\n').count();
    }
}
