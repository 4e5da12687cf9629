package dev.hone.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.session.TokenBatch;
import dev.hone.testkit.ReferenceEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules of sentence-embedding directories, behind a table of two columns. */
final class SentenceEmbeddingTest {
    private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);
    private static final Graph TABLE = GraphText.parse("""
            graph table
            input %input_ids: i64[batch, sequence]
            input %attention_mask: i64[batch, sequence]
            constant %words: f32[2, 2] = {3.0 0.0 5.0 8.0}
            %rows: f32[batch, sequence, 2] = gather{axis=0}(%words, %input_ids)
            output last_hidden_state = %rows
            """);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"mean_tokens, 4, 4", "cls_token, 3, 0", "max_tokens, 5, 8"})
    void poolsAsTheDirectorySays(String mode, float first, float second) throws IOException {
        modules("Transformer", "Pooling");
        pooling("\"pooling_mode_" + mode + "\": true");
        assertThat(embedding()).containsExactly(new float[] {first, second}, ROUNDING);
    }

    @Test
    void normalizesWhereAsked() throws IOException {
        modules("Transformer", "Pooling", "Normalize");
        pooling("\"pooling_mode_cls_token\": true");
        assertThat(embedding()).containsExactly(new float[] {1, 0}, ROUNDING);
    }

    @Test
    void directoriesWithoutModulesStayAsTheyAre() {
        assertThat(SentenceEmbedding.addTo(TABLE, directory)).isSameAs(TABLE);
    }

    @Test
    void unknownModulesAreRefusedByName() throws IOException {
        modules("Transformer", "Pooling", "Dense");
        pooling("\"pooling_mode_mean_tokens\": true");
        assertThatThrownBy(() -> SentenceEmbedding.addTo(TABLE, directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("modules.json")
                .hasMessageContaining("Dense")
                .hasMessageContaining("Normalize");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../other", "/etc", "1_Pooling/../../other", "a\\u0000b"})
    void pathsThatLeaveTheDirectoryAreRefused(String path) throws IOException {
        Files.writeString(
                directory.resolve("modules.json"), "[{\"type\": \"models.Pooling\", \"path\": \"" + path + "\"}]");
        assertThatThrownBy(() -> SentenceEmbedding.addTo(TABLE, directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("modules.json")
                .hasMessageContaining("inside the model's directory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"pooling_mode_weightedmean_tokens\": true",
                "\"pooling_mode_mean_tokens\": true, \"pooling_mode_max_tokens\": true",
                "\"pooling_mode_mean_tokens\": true, \"pooling_mode_weightedmean_tokens\": true"
            })
    void poolingsOtherThanOneKnownAreRefused(String settings) throws IOException {
        modules("Transformer", "Pooling");
        pooling(settings);
        assertThatThrownBy(() -> SentenceEmbedding.addTo(TABLE, directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("mean, cls and max");
    }

    private float[] embedding() {
        try (ReferenceEncoder encoder = new ReferenceEncoder(SentenceEmbedding.addTo(TABLE, directory), 8)) {
            return encoder.run(TokenBatch.of(new int[] {0, 1}))
                    .get("sentence_embedding")
                    .values();
        }
    }

    private void modules(String... kinds) throws IOException {
        StringBuilder list = new StringBuilder("[");
        for (int index = 0; index < kinds.length; index++) {
            list.append(index == 0 ? "" : ",")
                    .append("{\"idx\": %d, \"path\": \"%d_%s\", \"type\": \"sentence_transformers.models.%s\"}"
                            .formatted(index, index, kinds[index], kinds[index]));
        }
        Files.writeString(directory.resolve("modules.json"), list + "]");
    }

    private void pooling(String settings) throws IOException {
        Files.createDirectories(directory.resolve("1_Pooling"));
        Files.writeString(directory.resolve("1_Pooling/config.json"), "{" + settings + "}");
    }
}
