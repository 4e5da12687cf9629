package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.task.EmbeddedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    private static final long MOST_SECONDS = 240;
    private static final long POLL_MILLIS = 20;
    private static final int LINES = 4;

    /** More than the libraries take that a process unpacks, less than the compiled model. */
    private static final int MOST_KILOBYTES = 36_000;

    @TempDir
    private Path folder;

    private Path out = Path.of("");
    private Path temporary = Path.of("");

    @BeforeEach
    void writeWhatAllShare() throws IOException {
        EmbeddedModel.directory();
        out = folder.resolve("out");
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    @Test
    void whatWasMeasuredBeforeAnInterruptionIsKeptAndUsed() throws Exception {
        List<String> uninterrupted = List.of("env", "--default-signal=INT");
        assumeThat(succeeds(
                        Stream.concat(uninterrupted.stream(), Stream.of("true")).toList()))
                .as("optional: no env here that lets a process be interrupted")
                .isTrue();
        Process process = start(uninterrupted);
        Path journal = out.resolve("journal.jsonl");
        while (process.isAlive() && (!Files.exists(journal) || lines(journal) < LINES)) {
            Thread.sleep(POLL_MILLIS);
        }
        assertThat(succeeds(List.of("kill", "-INT", Long.toString(process.pid()))))
                .as(said())
                .isTrue();
        assertThat(ended(process)).as(said()).isEqualTo(INTERRUPTED);
        long kept = lines(journal);
        assertThat(said()).contains("interrupted", kept + " measurements are kept", "--resume");
        assertThat(names(out)).containsExactly("journal.jsonl");
        assertThat(names(temporary)).noneMatch(name -> name.startsWith("hone-optimize"));
        Process again = start(List.of("env"), "--resume");
        assertThat(ended(again)).as(said()).isZero();
        JsonNode spent = MAPPER.readTree(out.resolve("report.json").toFile()).get("spent");
        assertThat(spent.get("known").asLong()).isEqualTo(kept);
        assertThat(names(out)).containsExactly("artefact", "journal.jsonl", "page.html", "page.json", "report.json");
    }

    @Test
    void aDiskWithoutRoomForTheArtefactIsSaidAndCostsNoMeasurement() throws Exception {
        Process process = start(List.of("bash", "-c", "ulimit -f " + MOST_KILOBYTES + "; exec \"$@\"", "limited"));
        assertThat(ended(process)).as(said()).isEqualTo(1);
        assertThat(said().lines().filter(line -> line.startsWith("hone: ")))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line).contains("artefact: cannot be written: File too large", "make room", "--resume");
                    assertThat(line).doesNotContain("unfinished");
                });
        assertThat(names(out)).containsExactly("journal.jsonl");
        assertThat(names(temporary)).noneMatch(name -> name.startsWith("hone-optimize"));
        Process again = start(List.of("env"), "--resume");
        assertThat(ended(again)).as(said()).isZero();
        assertThat(out.resolve("artefact")).isDirectory();
    }

    @Test
    void dataOfTheHubAreFetchedFromAMirrorOnceAndThenTakenFromTheCache() throws Exception {
        try (StubHub hub = StubHub.ofPairs(3)) {
            List<String> online = List.of("env", "HF_ENDPOINT=" + hub.address(), "HF_HOME=" + folder.resolve("home"));
            String[] data = {"--task", "stsb", "--data", "hf:owner/pairs"};
            assertThat(ended(start(online, data))).as(said()).isZero();
            JsonNode report = MAPPER.readTree(out.resolve("report.json").toFile());
            assertThat(report.at("/data/source").asText()).contains("test-*-of-00003.jsonl (60 rows)");
            assertThat(hub.served()).hasSize(3).allMatch(name -> name.startsWith("data/test-"));
            List<String> offline = Stream.concat(online.stream(), Stream.of("HF_HUB_OFFLINE=1"))
                    .toList();
            Process again = start(offline, "--task", "stsb", "--data", "hf:owner/pairs", "--resume");
            assertThat(ended(again)).as(said()).isZero();
            assertThat(hub.served()).hasSize(3);
        }
    }

    private Process start(List<String> before, String... more) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
        command.add("-Djava.io.tmpdir=" + temporary);
        String cache = System.getProperty("hone.cache");
        if (cache != null) {
            command.add("-Dhone.cache=" + cache);
        }
        command.add(Main.class.getName());
        command.addAll(List.of("optimize", "--precision", "int8", "--seconds", "0.02", "--samples", "60"));
        command.addAll(List.of("--max-loss", "20", "--budget", "30s", "--threads", "1", "--out", out.toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile());
        // As an argument it would be longer than ONNX Runtime stands, which reads its process's command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    private static int ended(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said.txt"));
    }

    private static long lines(Path file) throws IOException {
        return Files.readString(file).chars().filter(each -> each == '\n').count();
    }

    private static List<String> names(Path place) throws IOException {
        try (Stream<Path> found = Files.list(place)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
