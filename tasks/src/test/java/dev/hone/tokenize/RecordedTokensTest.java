package dev.hone.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Token ids that Hugging Face transformers gave, where the folder {@code shared} is beside the repository. */
class RecordedTokensTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void givesTheRecordedIds() throws IOException {
        int compared = 0;
        try (var models = Files.list(Shared.require("golden/tiny"))) {
            for (Path model : models.toList()) {
                compared += compare(model);
            }
        }
        assertThat(compared).isGreaterThan(30);
    }

    private static int compare(Path model) throws IOException {
        JsonNode cases =
                MAPPER.readTree(model.resolve("expected.json").toFile()).path("cases");
        int positions = MAPPER.readTree(model.resolve("config.json").toFile())
                .path("max_position_embeddings")
                .intValue();
        try (var tokenizer = TextTokenizer.open(model)) {
            for (JsonNode one : cases) {
                String text = one.path("text").textValue();
                Encoding encoding = one.path("text_pair").isTextual()
                        ? tokenizer.encode(text, one.path("text_pair").textValue(), positions - 2)
                        : tokenizer.encode(text, positions - 2);
                assertThat(encoding.ids()).as("%s: %s", model, text).isEqualTo(ints(one.path("input_ids")));
                if (one.has("token_type_ids")) {
                    assertThat(encoding.types()).isEqualTo(ints(one.path("token_type_ids")));
                }
            }
        }
        return cases.size();
    }

    @Test
    void vocabularyAloneGivesTheSameTokens(@TempDir Path bare) throws IOException {
        Path whole = Shared.require("models/tokenizer");
        Files.copy(whole.resolve("vocab.txt"), bare.resolve("vocab.txt"));
        Files.copy(whole.resolve("tokenizer_config.json"), bare.resolve("tokenizer_config.json"));
        JsonNode rows = MAPPER.readTree(
                        Shared.require("golden/minilm/embeddings.json").toFile())
                .path("cases");
        try (var fromJson = TextTokenizer.open(whole);
                var fromVocabulary = TextTokenizer.open(bare)) {
            for (JsonNode row : rows) {
                String text = row.path("text").textValue();
                Encoding expected = fromJson.encode(text, 256);
                assertThat(expected.ids()).isEqualTo(ints(row.path("input_ids")));
                assertThat(fromVocabulary.encode(text, 256))
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            }
            for (String text :
                    List.of("[MASK] na\u00efve \u4e2d\u6587", "a\u0000b \u200d\uD83D\uDE00", "O'Neil's co-op!")) {
                assertThat(fromVocabulary.encode(text, text, 256))
                        .usingRecursiveComparison()
                        .isEqualTo(fromJson.encode(text, text, 256));
            }
        }
        assertThat(rows.size()).isGreaterThan(5);
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int index = 0; index < values.length; index++) {
            values[index] = array.get(index).intValue();
        }
        return values;
    }
}
