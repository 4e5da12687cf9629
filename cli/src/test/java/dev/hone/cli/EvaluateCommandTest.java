package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on the bundled model and graded pairs of our own. */
@Tag("native")
final class EvaluateCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path data = Path.of("");

    @BeforeEach
    void writeData() throws IOException {
        data = folder.resolve("dev.jsonl");
        Files.writeString(data, """
                {"id": "a", "text_a": "A dog runs.", "text_b": "A dog is running.", "score": 4.8}
                {"id": "b", "text_a": "A dog runs.", "text_b": "A cat sleeps.", "score": 1.5}
                {"id": "c", "text_a": "The bank raised its rates.", "text_b": "A cat sleeps.", "score": 0.0}
                {"id": "d", "text_a": "The bank raised rates.", "text_b": "Rates went up at the bank.", "score": 4.5}
                {"id": "e", "text_a": "He plays the violin.", "text_b": "A man makes music.", "score": 3.1}
                """);
    }

    @Test
    void jsonHoldsTheContract() throws IOException {
        CommandLineRun run = evaluate("--samples", "3,5", "--format", "json", "--engine", "hone,onnxruntime");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(4);
        JsonNode first = MAPPER.readTree(run.lines().getFirst());
        assertThat(first.propertyStream().map(Map.Entry::getKey))
                .contains("task", "rows", "metrics", "intervals", "total_seconds", "samples_per_second", "latency_ms")
                .doesNotContain("against");
        assertThat(first.get("rows").asInt()).isEqualTo(3);
        assertThat(first.get("latency_ms").propertyStream().map(Map.Entry::getKey))
                .containsExactly("mean", "p50", "p90", "p95", "p99", "standard_deviation");
        JsonNode last = MAPPER.readTree(run.lines().getLast());
        assertThat(last.get("rows").asInt()).isEqualTo(5);
        assertThat(last.get("engine").asText()).isEqualTo("onnxruntime");
        assertThat(last.at("/metrics/cosine_spearman").asDouble()).isGreaterThan(0.8);
        assertThat(last.at("/against/agreement/largest_difference").asDouble()).isLessThan(1e-4);
        assertThat(run.err()).contains("bundled").contains("dev.jsonl");
    }

    @Test
    void tableAndSavedAnswers() throws IOException {
        Path saved = folder.resolve("answers.jsonl");
        CommandLineRun run = evaluate("--save-predictions", saved.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("stsb  hone f32  5 rows")
                .contains("cosine_pearson")
                .contains("rows/s");
        List<String> ids = new ArrayList<>();
        for (String line : Files.readAllLines(saved)) {
            ids.add(MAPPER.readTree(line).get("id").asText());
        }
        assertThat(ids).containsExactly("a", "b", "c", "d", "e");
        assertThat(folder.resolve("answers.jsonl.part")).doesNotExist();
    }

    @Test
    void badInputIsOneLineAndLeavesNoFile() throws IOException {
        Path saved = folder.resolve("answers.jsonl");
        Files.writeString(data, "{\"text_a\": \"x\", \"text_b\": \"y\", \"score\": 1}\n{\"text_a\": \"x\"}\n");
        CommandLineRun run = evaluate("--save-predictions", saved.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("dev.jsonl:2: no column 'text_b'");
        assertThat(folder).isDirectoryNotContaining("glob:**answers.jsonl*");
        Files.writeString(data, "");
        assertThat(evaluate().err()).contains("no row to evaluate on");
    }

    @Test
    void answersTakeNoPlaceOfWhatIsThere() throws IOException {
        String rows = Files.readString(data);
        CommandLineRun overData = evaluate("--save-predictions", data.toString());
        assertThat(overData.status()).isEqualTo(2);
        assertThat(overData.err()).contains("dev.jsonl holds the data that are read");
        assertThat(data).hasContent(rows);

        Path empty = Files.createDirectory(folder.resolve("empty"));
        CommandLineRun overFolder = evaluate("--save-predictions", empty.toString());
        assertThat(overFolder.status()).isEqualTo(1);
        assertThat(overFolder.err()).contains("is a directory; give the path of a file");
        assertThat(empty).isEmptyDirectory();

        Path model = Files.createDirectory(folder.resolve("model"));
        Path configuration = Files.writeString(model.resolve("config.json"), "{}");
        CommandLineRun overModel = evaluate("--save-predictions", configuration.toString(), model.toString());
        assertThat(overModel.status()).isEqualTo(2);
        assertThat(overModel.err()).contains("config.json is part of the model that is read");
        assertThat(configuration).hasContent("{}");
    }

    @Test
    void answersTakeTheirOwnPlaceBesideDataInParts() throws IOException {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        List<String> rows = Files.readAllLines(data);
        Path first = Files.write(parts.resolve("dev-00000-of-00002.jsonl"), rows.subList(0, 3));
        Files.write(parts.resolve("dev-00001-of-00002.jsonl"), rows.subList(3, 5));
        data = parts;
        CommandLineRun overPart = evaluate("--save-predictions", first.toString());
        assertThat(overPart.status()).isEqualTo(2);
        assertThat(overPart.err()).contains("dev-00000-of-00002.jsonl holds the data that are read");
        assertThat(first).hasContent(String.join("\n", rows.subList(0, 3)));

        Path earlier = Files.writeString(folder.resolve("answers.jsonl"), "{}");
        CommandLineRun again = evaluate("--save-predictions", earlier.toString());
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(Files.readAllLines(earlier)).hasSize(5);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThat(evaluate("--samples", "0").status()).isEqualTo(2);
        assertThat(evaluate("--batch", "0").status()).isEqualTo(2);
        assertThat(evaluate("--column", "sizes=x").status()).isEqualTo(2);
        assertThat(evaluate("--task", "sst3").err()).isNotEmpty();
        assertThat(evaluate("--labels", "A,B,A").err()).contains("--labels: A stands there more than once");
    }

    private CommandLineRun evaluate(String... more) {
        List<String> arguments = new ArrayList<>(List.of("evaluate", "--data", data.toString(), "--threads", "1"));
        if (!List.of(more).contains("--task")) {
            arguments.addAll(List.of("--task", "stsb"));
        }
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }
}
