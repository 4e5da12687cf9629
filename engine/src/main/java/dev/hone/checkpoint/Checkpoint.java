package dev.hone.checkpoint;

import dev.hone.HoneException;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's directory in Hugging Face layout: {@code config.json} and {@code model.safetensors}, or its shards with
 * {@code model.safetensors.index.json}.
 *
 * <p>The files are memory-mapped and owned by this object; tensors are views of the mapping and must not be read after
 * {@link #close()}. Nothing in the files is trusted: each length, offset, size, type and count is checked before use.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String SINGLE_FILE = "model.safetensors";
    private static final String SHARD_INDEX = "model.safetensors.index.json";
    private static final String PICKLE = "pytorch_model.bin";

    private final Path directory;
    private final Configuration configuration;
    private final Weights weights;
    private final Arena arena;

    /**
     * Tensors and where they are.
     *
     * @param file what names them all: the only file, or the index of the shards
     * @param shards the shard of each tensor; empty where there is one file
     */
    private record Weights(Path file, Map<String, Tensor> tensors, Map<String, String> shards) {}

    private Checkpoint(Path directory, Configuration configuration, Weights weights, Arena arena) {
        this.directory = directory;
        this.configuration = configuration;
        this.weights = weights;
        this.arena = arena;
    }

    /**
     * Opens a directory.
     *
     * @throws HoneException of category CHECKPOINT, naming the file and the tensor, when a file is missing or damaged;
     *     of category UNSUPPORTED when the weights are in a format that is not read
     */
    public static Checkpoint open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw MappedFile.damaged(directory, "it is no directory; expected one with config.json and " + SINGLE_FILE);
        }
        Configuration configuration = Configuration.read(directory.resolve("config.json"));
        Arena arena = Arena.ofShared();
        try {
            return new Checkpoint(directory, configuration, readWeights(directory, arena), arena);
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    private static Weights readWeights(Path directory, Arena arena) {
        Path single = directory.resolve(SINGLE_FILE);
        if (Files.exists(single)) {
            return new Weights(single, Safetensors.read(single, arena), Map.of());
        }
        Path index = directory.resolve(SHARD_INDEX);
        if (Files.exists(index)) {
            return readShards(directory, Configuration.read(index), arena);
        }
        if (Files.exists(directory.resolve(PICKLE)) || Files.exists(directory.resolve(PICKLE + ".index.json"))) {
            throw new HoneException(
                    HoneException.Category.UNSUPPORTED,
                    directory.resolve(PICKLE) + ": pickled weights are not read, because unpickling runs code from the "
                            + "file; save the model as safetensors (in transformers: "
                            + "model.save_pretrained(directory, safe_serialization=True))");
        }
        throw MappedFile.damaged(directory, "it holds neither " + SINGLE_FILE + " nor " + SHARD_INDEX);
    }

    private static Weights readShards(Path directory, Configuration index, Arena arena) {
        Map<String, String> shardOfTensor = index.textMap("weight_map");
        if (shardOfTensor.isEmpty()) {
            throw index.missing("weight_map");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> owners = new HashMap<>();
        for (String shard : new LinkedHashSet<>(shardOfTensor.values())) {
            if (!isPlainFileName(shard)) {
                throw MappedFile.damaged(
                        index.file(), "it names the shard " + shard + ", which is no file of the same directory");
            }
            Safetensors.read(directory.resolve(shard), arena).forEach((name, tensor) -> {
                String other = owners.put(name, shard);
                if (other != null) {
                    throw MappedFile.damaged(
                            directory.resolve(shard), "tensor " + name + " is in the shard " + other + " already");
                }
                tensors.put(name, tensor);
            });
        }
        shardOfTensor.forEach((name, shard) -> {
            if (!shard.equals(owners.get(name))) {
                throw MappedFile.damaged(index.file(), "tensor " + name + " is not in " + shard + " as the index says");
            }
        });
        return new Weights(index.file(), tensors, owners);
    }

    private static boolean isPlainFileName(String name) {
        return name.endsWith(".safetensors")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    }

    public Path directory() {
        return directory;
    }

    /** The content of {@code config.json}. */
    public Configuration configuration() {
        return configuration;
    }

    /** Names of all tensors, buffers of integers included, in the order of the files. */
    public Set<String> tensorNames() {
        return Collections.unmodifiableSet(weights.tensors().keySet());
    }

    /** A tensor as a view of the mapped file. */
    public Optional<Tensor> tensor(String name) {
        return Optional.ofNullable(weights.tensors().get(name));
    }

    /** The file that holds a tensor; for a name that no file holds, the one that names all tensors. */
    public Path fileOf(String name) {
        String shard = weights.shards().get(name);
        return shard == null ? weights.file() : directory.resolve(shard);
    }

    /** Unmaps the files; tensors that are read afterwards throw {@link IllegalStateException}. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
