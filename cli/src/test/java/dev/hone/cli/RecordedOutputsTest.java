package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.engines.Engines;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small models of every architecture against outputs that Hugging Face transformers gave for them. */
final class RecordedOutputsTest {
    private static final double TOLERANCE = 1e-5;
    private static final List<String> MODELS = List.of(
            "tiny-bert-base-model",
            "tiny-bert-classifier",
            "tiny-bert-mlm-gelu-new",
            "tiny-distilbert-tokens",
            "tiny-electra-classifier",
            "tiny-roberta-qa");

    static Stream<Arguments> modelsAndEngines() {
        return MODELS.stream()
                .flatMap(model -> Engines.known().stream().map(engine -> Arguments.of(model, engine.name())));
    }

    @ParameterizedTest
    @MethodSource("modelsAndEngines")
    void everyRecordedOutputIsReproduced(String model, String engine) throws IOException {
        Path folder = Shared.require("golden", "tiny", model);
        JsonNode expected = new ObjectMapper().readTree(Files.readString(folder.resolve("expected.json")));
        List<Path> forms = engine.equals("hone") ? List.of(folder, folder.resolve("model.onnx")) : List.of(folder);
        List<JsonNode> singles = new ArrayList<>();
        List<JsonNode> pairs = new ArrayList<>();
        expected.get("cases").forEach(recorded -> (recorded.hasNonNull("text_pair") ? pairs : singles).add(recorded));
        int compared = 0;
        for (Path form : forms) {
            compared += singles.isEmpty() ? 0 : compare(form, engine, singles);
            for (JsonNode pair : pairs) {
                compared += compare(form, engine, List.of(pair));
            }
        }
        assertThat(compared).as("outputs compared").isGreaterThanOrEqualTo(2);
    }

    /** Runs single texts in one call, or one pair, and compares every recorded output. */
    private static int compare(Path model, String engine, List<JsonNode> cases) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("infer", model.toString()));
        arguments.addAll(List.of("--engine", engine, "--threads", "1", "--logits", "--format", "json"));
        if (cases.getFirst().hasNonNull("text_pair")) {
            arguments.addAll(List.of("--pair", cases.getFirst().get("text_pair").asText()));
        }
        arguments.add("--");
        cases.forEach(recorded -> arguments.add(recorded.get("text").asText()));
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSameSizeAs(cases);
        int outputs = 0;
        for (int i = 0; i < cases.size(); i++) {
            outputs += compare(
                    cases.get(i), new ObjectMapper().readTree(run.lines().get(i)));
        }
        return outputs;
    }

    private static int compare(JsonNode recorded, JsonNode answer) {
        assertThat(answer.get("input_ids")).isEqualTo(recorded.get("input_ids"));
        int outputs = 0;
        for (String name : List.of("last_hidden_state", "pooler_output", "logits", "start_logits", "end_logits")) {
            if (recorded.has(name)) {
                assertClose(name, recorded.get(name), answer.get(name));
                outputs++;
            }
        }
        assertThat(outputs).isPositive();
        return outputs;
    }

    /** Recorded rows may hold fewer values than the model gives. */
    private static void assertClose(String name, JsonNode expected, JsonNode actual) {
        assertThat(actual).as(name).hasSize(expected.size());
        List<double[]> pairs = new ArrayList<>();
        for (int row = 0; row < expected.size(); row++) {
            JsonNode values = expected.get(row);
            if (values.isNumber()) {
                pairs.add(new double[] {values.asDouble(), actual.get(row).asDouble()});
            }
            for (int column = 0; column < values.size(); column++) {
                pairs.add(new double[] {
                    values.get(column).asDouble(), actual.get(row).get(column).asDouble()
                });
            }
        }
        double largest =
                pairs.stream().mapToDouble(pair -> Math.abs(pair[0])).max().orElseThrow();
        double difference = pairs.stream()
                .mapToDouble(pair -> Math.abs(pair[0] - pair[1]))
                .max()
                .orElseThrow();
        assertThat(difference).as("%s of %d values", name, pairs.size()).isLessThanOrEqualTo(TOLERANCE * largest);
    }
}
