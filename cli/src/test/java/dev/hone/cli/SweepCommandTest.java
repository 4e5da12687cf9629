package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SweepCommandTest {
    private static final List<String> WORDS = List.of("good", "bad", "dull", "film", "was", "it");

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private Path out = Path.of("");

    @BeforeEach
    void writeModelAndData() throws IOException {
        writeModel();
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 30; row++) {
            rows.append("{\"text\": \"").append(WORDS.get(row % 6)).append(' ').append(WORDS.get(row / 6));
            rows.append("\", \"label\": ").append(row % 3).append("}\n");
        }
        Files.writeString(folder.resolve("dev.jsonl"), rows);
        out = folder.resolve("out");
        file = Files.writeString(folder.resolve("sweep.yaml"), """
                model: model
                task: text-classification
                labels: [zero, one, two]
                data: {path: dev.jsonl, samples: 20}
                repeats: 1
                optimize:
                  level: [0, O2]
                  use_mask_index: [false, true]
                  no_attention_mask: true
                quantize:
                  mode: [none, dynamic, static]
                  calibration: [minmax, percentile]
                """);
    }

    private void writeModel() throws IOException {
        Path model = TinyBert.classifier(32, 64)
                .set("max_position_embeddings", 32)
                .tensor("bert.embeddings.position_embeddings.weight", 32, 32)
                .write(Files.createDirectory(folder.resolve("model")));
        List<String> vocabulary = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        vocabulary.addAll(WORDS);
        Files.write(model.resolve("vocab.txt"), vocabulary);
    }

    private CommandLineRun sweep(String... more) {
        List<String> arguments = new ArrayList<>(List.of("sweep", file.toString(), "--out", out.toString()));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--threads", "1"));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void settingsAreMeasuredSortedKeptAndGoneOnWith() throws IOException {
        CommandLineRun run = sweep("--sort", "size_mb:desc");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("24 combinations, 12 of them different", "left out with mode dynamic: calibration", "s left");
        assertThat(run.lines().getFirst())
                .contains("setting", "level", "accuracy", "f1_macro", "precision_macro", "recall_macro")
                .contains("total_s", "samples_per_second", "latency_ms", "speed", "size_mb");
        assertThat(run.out())
                .as("one bad setting is a row with its reason")
                .contains("a mask index and no attention mask exclude each other")
                .contains("each operator type by itself", "95 % intervals", "worth quantising: ");
        List<String> rows = Files.readAllLines(out.resolve("sweep.csv"));
        assertThat(rows).hasSize(1 + 1 + 12);
        assertThat(out.resolve("sweep.md")).content().startsWith("| setting | level |");
        JsonNode result = new ObjectMapper().readTree(out.resolve("sweep.json").toFile());
        assertThat(result.at("/rows/0/score/metrics/accuracy").isNumber()).isTrue();
        assertThat(result.at("/selection/effects").size()).isPositive();

        CommandLineRun again = sweep("--resume", "--format", "csv");
        assertThat(again.lines()).as("nothing was measured again").isEqualTo(rows);
    }

    @Test
    void settingsAreListedWithoutMeasuring() {
        CommandLineRun run = sweep("--dry-run");
        assertThat(run.status()).isZero();
        assertThat(run.lines()).hasSize(12).first().asString().contains("level=0", "mode=none");
        assertThat(out).doesNotExist();
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() throws IOException {
        refused("--sort", "speed:up", "asc or NAME:desc");
        refused("--sort", "sped", "did you mean speed?");
        refused("--sort", "f1", "f1_macro");
        assertThat(out).as("nothing was done").doesNotExist();
        refused("--limit-minutes", "0", "more than 0");
        Files.writeString(file, "task: sst2\ndata: x\nreapets: 3\n");
        refused("--sort", "speed", "sweep.yaml:3:1: unknown name 'reapets'; did you mean repeats?");
        Files.delete(file);
        CommandLineRun missing = sweep();
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err())
                .contains("sweep.yaml: cannot be read: there is no such file")
                .doesNotContain("Exception");
    }

    private void refused(String option, String value, String message) {
        CommandLineRun run = sweep(option, value);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(message).hasLineCount(1);
    }
}
