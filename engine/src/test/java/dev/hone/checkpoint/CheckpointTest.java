package dev.hone.checkpoint;

import static dev.hone.checkpoint.SafetensorsFile.header;
import static dev.hone.checkpoint.SafetensorsFile.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path directory;

    @BeforeEach
    void writeConfiguration() {
        SafetensorsFile.write(
                directory.resolve("config.json"),
                "{\"model_type\": \"bert\", \"hidden_size\": 384, \"layer_norm_eps\": 1e-12, \"none\": null,"
                        + "\"architectures\": [\"BertModel\"], \"id2label\": {\"1\": \"yes\", \"0\": \"no\"}}");
    }

    @Test
    void readsTensorsOfAllTypes() {
        byte[] data = ByteBuffer.allocate(4 * 2 + 2 * 2 + 2 * 2 + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2f)
                .putShort(Float.floatToFloat16(0.25f))
                .putShort(Float.floatToFloat16(-3f))
                .putShort((short) 0x3f80)
                .putShort((short) 0xc000)
                .putLong(7)
                .array();
        byte[] json = header(
                        tensor("a", "F32", "[2,1]", 0, 8),
                        tensor("b", "F16", "[2]", 8, 12),
                        tensor("c", "BF16", "[1,2]", 12, 16),
                        tensor("d", "I64", "[]", 16, 24))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        write("model.safetensors", SafetensorsFile.bytes(json.length, json, data));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.tensorNames()).containsExactly("a", "b", "c", "d");
            Tensor a = checkpoint.tensor("a").orElseThrow();
            assertThat(a.type()).isEqualTo(DType.F32);
            assertThat(a.shape()).isEqualTo(Shape.of(2, 1));
            assertThat(a.toFloatArray()).containsExactly(1.5f, -2f);
            assertThat(checkpoint.tensor("b").orElseThrow().toFloatArray()).containsExactly(0.25f, -3f);
            assertThat(checkpoint.tensor("c").orElseThrow().toFloatArray()).containsExactly(1f, -2f);
            assertThat(checkpoint.tensor("d").orElseThrow().getLong()).isEqualTo(7);
            assertThat(checkpoint.tensor("e")).isEmpty();
        }
    }

    @Test
    void tensorsEndWithTheCheckpoint() {
        write("model.safetensors", SafetensorsFile.vectors("a"));
        Checkpoint checkpoint = Checkpoint.open(directory);
        Tensor tensor = checkpoint.tensor("a").orElseThrow();
        checkpoint.close();
        checkpoint.close();
        assertThatThrownBy(() -> tensor.getDouble(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsShards() {
        write("model-1.safetensors", SafetensorsFile.vectors("a", "b"));
        write("model-2.safetensors", SafetensorsFile.vectors("c"));
        index("\"a\":\"model-1.safetensors\",\"b\":\"model-1.safetensors\",\"c\":\"model-2.safetensors\"");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.tensorNames()).containsExactly("a", "b", "c");
        }
    }

    @Test
    void refusesShardsOutsideTheDirectory() {
        for (String shard : new String[] {
            "../model-1.safetensors", "/etc/model.safetensors", "x/../../a.safetensors", "..\\\\a.safetensors", "a.bin"
        }) {
            index("\"a\":\"" + shard + "\"");
            assertRefused("no file of the same directory");
        }
    }

    @Test
    void refusesShardsThatDisagreeWithTheIndex() {
        write("model-1.safetensors", SafetensorsFile.vectors("a"));
        write("model-2.safetensors", SafetensorsFile.vectors("a"));
        index("\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"");
        assertRefused("tensor a is in the shard model-1.safetensors already");
        index("\"a\":\"model-1.safetensors\",\"z\":\"model-1.safetensors\"");
        assertRefused("tensor z is not in model-1.safetensors");
        index("\"a\":\"model-3.safetensors\"");
        assertRefused("no such file");
        SafetensorsFile.write(directory.resolve("model.safetensors.index.json"), "{\"metadata\":{}}");
        assertRefused("weight_map is missing");
    }

    @Test
    void refusesPicklesAndEmptyDirectories() {
        assertRefused("neither model.safetensors nor");
        write("pytorch_model.bin", new byte[4]);
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("pickled weights are not read")
                .hasMessageContaining("safe_serialization=True")
                .extracting(failure -> ((HoneException) failure).category())
                .isEqualTo(HoneException.Category.UNSUPPORTED);
    }

    @Test
    void configurationIsTyped() {
        Configuration configuration = Configuration.read(directory.resolve("config.json"));
        assertThat(configuration.text("model_type")).contains("bert");
        assertThat(configuration.integer("hidden_size")).contains(384L);
        assertThat(configuration.number("layer_norm_eps")).contains(1e-12);
        assertThat(configuration.texts("architectures")).containsExactly("BertModel");
        assertThat(configuration.numberedTexts("id2label").values()).containsExactly("no", "yes");
        assertThat(configuration.has("none")).isFalse();
        assertThatThrownBy(() -> configuration.integer("model_type"))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("config.json: model_type is \"bert\", expected an integer");
        assertThat(configuration.missing("x")).hasMessageContaining("x is missing");
    }

    @Test
    void refusesDamagedConfigurations() {
        for (String text :
                new String[] {"", "[]", "{\"a\":1", "{\"a\":1,\"a\":2}", "{}{}", SafetensorsFile.nested(100_000)}) {
            SafetensorsFile.write(directory.resolve("config.json"), text);
            assertRefused("config.json");
        }
    }

    private void index(String entries) {
        SafetensorsFile.write(directory.resolve("model.safetensors.index.json"), "{\"weight_map\":{" + entries + "}}");
    }

    private void write(String name, byte[] bytes) {
        SafetensorsFile.write(directory.resolve(name), bytes);
    }

    private void assertRefused(String complaint) {
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(complaint)
                .extracting(failure -> ((HoneException) failure).category())
                .isEqualTo(HoneException.Category.CHECKPOINT);
    }
}
