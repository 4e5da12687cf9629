package dev.hone.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** A checkpoint of random weights that a test makes: a configuration and named tensors, written as safetensors. */
public final class SmallCheckpoint {
    private final ObjectNode configuration = new ObjectMapper().createObjectNode();
    private final Map<String, int[]> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final SplittableRandom random;

    public SmallCheckpoint(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public SmallCheckpoint set(String key, String value) {
        configuration.put(key, value);
        return this;
    }

    public SmallCheckpoint set(String key, int value) {
        configuration.put(key, value);
        return this;
    }

    public SmallCheckpoint set(String key, double value) {
        configuration.put(key, value);
        return this;
    }

    public SmallCheckpoint unset(String key) {
        configuration.remove(key);
        return this;
    }

    /** The class name from which the head is read. */
    public SmallCheckpoint architecture(String name) {
        configuration.putArray("architectures").add(name);
        return this;
    }

    /** A tensor of numbers uniform in -0.5..0.5. */
    public SmallCheckpoint tensor(String name, int... dims) {
        int count = 1;
        for (int dim : dims) {
            count *= dim;
        }
        float[] drawn = new float[count];
        for (int index = 0; index < count; index++) {
            drawn[index] = random.nextFloat() - 0.5f;
        }
        shapes.put(name, dims);
        values.put(name, drawn);
        return this;
    }

    /** {@code name.weight} [rows, columns] and {@code name.bias} [rows]. */
    public SmallCheckpoint linear(String name, int rows, int columns) {
        return tensor(name + ".weight", rows, columns).tensor(name + ".bias", rows);
    }

    /** {@code name.weight} and {@code name.bias} [columns]. */
    public SmallCheckpoint norm(String name, int columns) {
        return tensor(name + ".weight", columns).tensor(name + ".bias", columns);
    }

    public SmallCheckpoint without(String name) {
        shapes.remove(name);
        values.remove(name);
        return this;
    }

    public float[] values(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    /** Writes {@code config.json} and {@code model.safetensors}. */
    public Path write(Path directory) {
        ObjectNode header = new ObjectMapper().createObjectNode();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        shapes.forEach((name, dims) -> {
            ObjectNode entry = header.putObject(name).put("dtype", "F32");
            for (int dim : dims) {
                entry.withArray("shape").add(dim);
            }
            float[] numbers = values(name);
            ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(numbers);
            entry.putArray("data_offsets").add(data.size()).add(data.size() + bytes.capacity());
            data.writeBytes(bytes.array());
        });
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(Long.BYTES + text.length + data.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data.toByteArray())
                .array();
        try {
            Files.writeString(directory.resolve("config.json"), configuration.toString());
            Files.write(directory.resolve("model.safetensors"), file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return directory;
    }
}
