package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole evaluations of fine-tuned models against what was recorded of Hugging Face transformers. */
@Tag("native")
final class EvaluateRecordedTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final double SAME_METRIC = 1e-6;
    private static final double LOGIT_TOLERANCE = 1e-4;
    private static final int QUESTIONS = 40;

    @TempDir
    private static Path folder;

    /** Before each test, so that each says why it is skipped; the work is done once. */
    @BeforeEach
    void assemble() throws IOException, InterruptedException {
        Path script = Shared.require("models", "assemble.py");
        if (Files.exists(folder.resolve("minilm-wnut17").resolve("vocab.txt"))) {
            return;
        }
        try {
            Process process = new ProcessBuilder("python3", script.toString(), folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor()).as("exit status of %s", script).isZero();
        } catch (IOException absent) {
            Assumptions.abort(Shared.OPTIONAL + "there is no python3 to put the models together: " + absent);
        }
    }

    @Test
    void sentences() throws IOException {
        JsonNode recorded = recorded("minilm-sst2", "dev.json");
        List<JsonNode> answers = evaluate("minilm-sst2", "sst2", recorded, Shared.require("data", "sst2", "dev.jsonl"));
        assertThat(answers).hasSize(recorded.get("rows").asInt());
        for (int row = 0; row < answers.size(); row++) {
            assertThat(answers.get(row).get("id")).isEqualTo(recorded.at("/ids/" + row));
            for (int label = 0; label < 2; label++) {
                assertThat(answers.get(row).at("/logits/" + label).asDouble())
                        .isCloseTo(recorded.at("/logits/" + row + "/" + label).asDouble(), within(LOGIT_TOLERANCE));
            }
        }
    }

    @Test
    void words() throws IOException {
        JsonNode recorded = recorded("minilm-wnut17", "dev.json");
        List<JsonNode> answers =
                evaluate("minilm-wnut17", "wnut17", recorded, Shared.require("data", "wnut17", "dev.conll"));
        assertThat(answers).hasSize(recorded.get("sentences").asInt());
        for (int row = 0; row < answers.size(); row++) {
            assertThat(answers.get(row).get("tags")).as("row %d", row).isEqualTo(recorded.at("/predictions/" + row));
        }
    }

    @Test
    void questions() throws IOException {
        JsonNode recorded = recorded("minilm-squad2", "dev.json");
        Path data = Shared.require("data", "squad-v2", "dev-public-v2.0.json.gz");
        List<JsonNode> answers = evaluate(
                "minilm-squad2", "squad2", MAPPER.createObjectNode(), data, "--samples", Integer.toString(QUESTIONS));
        assertThat(answers).hasSize(QUESTIONS);
        for (JsonNode answer : answers) {
            JsonNode expected = recorded.get("predictions").get(answer.get("id").asText());
            assertThat(answer.get("answer")).isEqualTo(expected.get("answer"));
        }
    }

    private static JsonNode recorded(String model, String file) throws IOException {
        return MAPPER.readTree(Files.readAllBytes(Shared.require("golden", model, file)));
    }

    /** Compares all recorded metrics and gives the saved answers. */
    private static List<JsonNode> evaluate(String model, String task, JsonNode recorded, Path data, String... more)
            throws IOException {
        Path saved = folder.resolve(model + ".jsonl");
        List<String> arguments =
                new ArrayList<>(List.of("evaluate", folder.resolve(model).toString()));
        arguments.addAll(List.of("--task", task, "--data", data.toString(), "--format", "json", "--threads", "2"));
        arguments.addAll(List.of("--save-predictions", saved.toString()));
        arguments.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode metrics = MAPPER.readTree(run.lines().getFirst()).get("metrics");
        recorded.path("metrics")
                .properties()
                .forEach(entry -> assertThat(metrics.get(entry.getKey()).asDouble())
                        .as(entry.getKey())
                        .isCloseTo(entry.getValue().asDouble(), within(SAME_METRIC)));
        List<JsonNode> answers = new ArrayList<>();
        for (String line : Files.readAllLines(saved)) {
            answers.add(MAPPER.readTree(line));
        }
        return answers;
    }
}
