package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskConfigurationTest {
    @TempDir
    Path directory;

    private TaskConfiguration read(String file, String json) throws IOException {
        Files.createDirectories(directory.resolve(file).resolveSibling("."));
        Files.writeString(directory.resolve(file), json);
        return TaskConfiguration.read(directory);
    }

    @Test
    void ordersLabelsByNumber() throws IOException {
        var labels = new StringBuilder();
        for (int id = 11; id >= 0; id--) {
            labels.append("\"%d\": \"label %d\"%s".formatted(id, id, id > 0 ? "," : ""));
        }
        TaskConfiguration configuration = read(
                "config.json", "{\"architectures\": [\"BertForTokenClassification\"], \"id2label\": {" + labels + "}}");
        assertThat(configuration.labels())
                .hasSize(12)
                .startsWith("label 0", "label 1", "label 2")
                .endsWith("label 11");
        assertThat(configuration.task()).contains(TaskKind.TOKENS);
        assertThatThrownBy(() -> read("config.json", "{\"id2label\": {\"0\": \"a\", \"2\": \"b\"}}"))
                .hasMessageContaining("none for label 1");
    }

    @Test
    void takesTheLeastOfTheStatedLengths() throws IOException {
        assertThat(TaskConfiguration.read(directory).maximumLength()).isEqualTo(Integer.MAX_VALUE);
        String config = "{\"max_position_embeddings\": 514, \"model_type\": \"%s\"}";
        assertThat(read("config.json", config.formatted("bert")).maximumLength())
                .isEqualTo(512);
        String unbounded = "{\"model_max_length\": 1000000000000000019884624838656}";
        assertThat(read("tokenizer_config.json", unbounded).maximumLength()).isEqualTo(512);
        assertThat(read("tokenizer_config.json", "{\"model_max_length\": 514}").maximumLength())
                .isEqualTo(514);
        assertThat(read("config.json", config.formatted("xlm-roberta")).maximumLength())
                .isEqualTo(512);
        assertThat(read("sentence_bert_config.json", "{\"max_seq_length\": 128}")
                        .maximumLength())
                .isEqualTo(128);
        assertThat(TaskConfiguration.read(directory).withMaximumLength(64).maximumLength())
                .isEqualTo(64);
    }

    @Test
    void readsThePoolingOfSentenceEmbeddings() throws IOException {
        assertThat(TaskConfiguration.read(directory).pooling()).isEqualTo(Pooling.DEFAULT);
        read("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");
        TaskConfiguration configuration = read(
                "modules.json",
                "[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"\"},"
                        + "{\"type\": \"sentence_transformers.models.Pooling\", \"path\": \"1_Pooling\"}]");
        assertThat(configuration.pooling()).isEqualTo(new Pooling(Pooling.Mode.CLS, false));
        assertThatThrownBy(() -> read("1_Pooling/config.json", "{\"pooling_mode_lasttoken\": true}"))
                .hasMessageContaining("pooling_mode_lasttoken");
        assertThatThrownBy(
                        () -> read("modules.json", "[{\"type\": \"models.Pooling\", \"path\": \"../../elsewhere\"}]"))
                .hasMessageContaining("out of the model directory");
    }

    @Test
    void refusesWhatItCannotRead() {
        assertThatThrownBy(() -> read("config.json", "{"))
                .isInstanceOfSatisfying(
                        HoneException.class,
                        e -> assertThat(e.category()).isEqualTo(HoneException.Category.CHECKPOINT));
        assertThatThrownBy(() -> read("config.json", "{\"problem_type\": \"guess\"}"))
                .hasMessageContaining("guess");
    }
}
