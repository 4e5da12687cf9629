package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.tune.RecordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hone tune}: what it keeps, how it goes on, and what it refuses. */
final class TuneCommandTest {
    @TempDir
    private Path directory;

    @Test
    void whatWasFoundIsKeptAndLeftOutTheNextTime() {
        Path records = directory.resolve("records.jsonl");
        CommandLineRun first =
                CommandLineRun.of("tune", "--budget", "1s", "--shape", "1x8", "--records", records.toString());
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).contains("records   ");
        int kept = RecordFile.at(records).read().size();
        assertThat(kept).isPositive();
        CommandLineRun second = CommandLineRun.of(
                "tune",
                "--budget",
                "0s",
                "--shape",
                "1x8",
                "--resume",
                "--format",
                "json",
                "--records",
                records.toString());
        assertThat(second.status()).as(second.err()).isZero();
        assertThat(second.out()).contains("\"left_out\":" + kept);
        assertThat(RecordFile.at(records).read()).hasSize(kept);
    }

    @Test
    void damagedRecordsAreRefusedBeforeAnythingIsMeasured() throws IOException {
        Path records = Files.writeString(directory.resolve("records.jsonl"), "nonsense\n");
        CommandLineRun run = CommandLineRun.of("tune", "--records", records.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("record 1");
    }

    @Test
    void recordsTakeNoPlaceOfTheModelsFiles() throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        Path configuration = Files.writeString(model.resolve("config.json"), "{}");
        CommandLineRun run = CommandLineRun.of("tune", model.toString(), "--records", configuration.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("config.json is part of the model that is read");
        assertThat(configuration).hasContent("{}");
    }

    @Test
    void aBudgetThatIsNoTimeIsRefused() {
        CommandLineRun run = CommandLineRun.of("tune", "--budget", "soon");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--budget soon", "60s");
    }
}
