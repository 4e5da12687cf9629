package dev.hone.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.OpenedModel;
import dev.hone.session.TokenBatch;
import dev.hone.testkit.ReferenceEncoder;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The interpreter on small models of every architecture against outputs that Hugging Face transformers gave for them.
 */
final class RecordedGraphsTest {
    private static final double TOLERANCE = 1e-5;
    private static final int MAXIMUM_LENGTH = 512;

    @ParameterizedTest
    @CsvSource({
        "tiny-bert-base-model, ''", "tiny-bert-base-model, model.onnx",
        "tiny-bert-classifier, ''", "tiny-bert-classifier, model.onnx",
        "tiny-bert-mlm-gelu-new, ''", "tiny-bert-mlm-gelu-new, model.onnx",
        "tiny-distilbert-tokens, ''", "tiny-distilbert-tokens, model.onnx",
        "tiny-electra-classifier, ''", "tiny-electra-classifier, model.onnx",
        "tiny-roberta-qa, ''", "tiny-roberta-qa, model.onnx"
    })
    void everyRecordedOutputIsReproduced(String model, String file) throws IOException {
        Path folder = Shared.require("golden", "tiny", model);
        JsonNode recorded = new ObjectMapper().readTree(Files.readString(folder.resolve("expected.json")));
        int compared = 0;
        try (OpenedModel opened = OpenedModel.open(folder.resolve(file));
                ReferenceEncoder encoder = new ReferenceEncoder(opened.graph(), MAXIMUM_LENGTH)) {
            for (JsonNode single : recorded.get("cases")) {
                EncoderOutputs outputs = encoder.run(batch(single));
                List<String> names =
                        encoder.outputNames().stream().filter(single::has).toList();
                assertThat(names).as("recorded outputs").isNotEmpty();
                names.forEach(
                        name -> compare(single.get(name), outputs.get(name).values(), name));
                compared += names.size();
            }
        }
        assertThat(compared).as("outputs compared").isGreaterThanOrEqualTo(2);
    }

    private static TokenBatch batch(JsonNode single) {
        int[] ids = StreamSupport.stream(single.get("input_ids").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        int[] types = new int[ids.length];
        if (single.has("token_type_ids")) {
            for (int token = 0; token < ids.length; token++) {
                types[token] = single.get("token_type_ids").get(token).asInt();
            }
        }
        return new TokenBatch(new int[][] {ids}, new int[][] {types});
    }

    /** Compares rows; of a vocabulary's scores the file holds the first columns. */
    private static void compare(JsonNode expected, float[] actual, String name) {
        List<JsonNode> rows = new ArrayList<>();
        if (expected.get(0).isArray()) {
            expected.forEach(rows::add);
        } else {
            rows.add(expected);
        }
        assertThat(actual.length % rows.size()).as("values beyond whole rows").isZero();
        int width = actual.length / rows.size();
        double largest = rows.stream()
                .flatMap(row -> StreamSupport.stream(row.spliterator(), false))
                .mapToDouble(number -> Math.abs(number.asDouble()))
                .max()
                .orElseThrow();
        for (int row = 0; row < rows.size(); row++) {
            assertThat(rows.get(row).size()).as("recorded columns").isBetween(1, width);
            for (int column = 0; column < rows.get(row).size(); column++) {
                double wanted = rows.get(row).get(column).asDouble();
                assertThat((double) actual[row * width + column])
                        .as("%s[%d, %d]", name, row, column)
                        .isCloseTo(wanted, Offset.offset(TOLERANCE * largest));
            }
        }
    }
}
