package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The sentence embedding model all-MiniLM-L6-v2 that lies on the class path, as a model directory.
 *
 * <p>The files are written once, to a folder beside the final one that is then renamed, so other processes see all of
 * them or none. While they are written their checksum is compared with that of the jar; later their sizes are.
 */
public final class EmbeddedModel {
    private static final String NAME = "all-minilm-l6-v2";

    /** Files taken from the class path: name in the directory and resource. */
    private static final Map<String, String> RESOURCES =
            Map.of("model.onnx", NAME + ".onnx", "tokenizer.json", NAME + "-tokenizer.json");

    /** Files that say how the model is used: mean of the tokens, length 1, 256 tokens at most. */
    private static final SortedMap<String, String> WRITTEN =
            new TreeMap<>(Map.of("modules.json", """
            [
              {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
              {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
              {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}
            ]
            """, "1_Pooling/config.json", """
            {"word_embedding_dimension": 384, "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true, \
            "pooling_mode_max_tokens": false}
            """, "sentence_bert_config.json", """
            {"max_seq_length": 256, "do_lower_case": false}
            """));

    private EmbeddedModel() {}

    /**
     * The directory of the model in the cache folder, written first where it is not there yet.
     *
     * @throws HoneException of category {@code CHECKPOINT} when the model is not on the class path, of category
     *     {@code OUTPUT} when it cannot be written
     */
    public static Path directory() {
        return directory(CacheFolder.path());
    }

    static Path directory(Path cache) {
        var files = new TreeMap<String, ClassPathFile>();
        RESOURCES.forEach((name, resource) -> files.put(name, ClassPathFile.find(resource)));
        Path directory = cache.toAbsolutePath().resolve("models").resolve(NAME + "-" + fingerprint(files));
        try {
            if (!isComplete(directory, files)) {
                write(directory, files);
            }
        } catch (IOException e) {
            throw new HoneException(
                    Category.OUTPUT,
                    directory + ": the embedded model cannot be written there: " + e
                            + "; free some space or choose another folder with -Dhone.cache=DIRECTORY",
                    e);
        }
        return directory;
    }

    /** Changes with the content, so that another version of the model gets another directory. */
    private static String fingerprint(SortedMap<String, ClassPathFile> files) {
        var crc = new CRC32();
        files.forEach((name, file) ->
                crc.update((name + file.bytes() + ":" + file.checksum()).getBytes(StandardCharsets.UTF_8)));
        WRITTEN.forEach((name, text) -> crc.update((name + text).getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static boolean isComplete(Path directory, SortedMap<String, ClassPathFile> files) throws IOException {
        for (var entry : files.entrySet()) {
            Path file = directory.resolve(entry.getKey());
            if (!Files.isRegularFile(file)
                    || Files.size(file) != entry.getValue().bytes()) {
                return false;
            }
        }
        for (var entry : WRITTEN.entrySet()) {
            Path file = directory.resolve(entry.getKey());
            if (!Files.isRegularFile(file) || !Files.readString(file).equals(entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static void write(Path directory, SortedMap<String, ClassPathFile> files) throws IOException {
        Files.createDirectories(directory.resolveSibling("."));
        Path beside = Files.createDirectory(sibling(directory, "part"));
        try {
            for (var entry : files.entrySet()) {
                entry.getValue().copyTo(beside.resolve(entry.getKey()));
            }
            for (var entry : WRITTEN.entrySet()) {
                Path file = beside.resolve(entry.getKey());
                Files.createDirectories(file.resolveSibling("."));
                Files.writeString(file, entry.getValue());
            }
            putInPlace(beside, directory, files);
        } finally {
            delete(beside);
        }
    }

    private static void putInPlace(Path beside, Path directory, SortedMap<String, ClassPathFile> files)
            throws IOException {
        if (Files.exists(directory) && !isComplete(directory, files)) {
            Path damaged = sibling(directory, "damaged");
            Files.move(directory, damaged, StandardCopyOption.ATOMIC_MOVE);
            delete(damaged);
        }
        try {
            Files.move(beside, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another process may have put its own copy there in the meantime, which is as good.
            if (!isComplete(directory, files)) {
                throw e;
            }
        }
    }

    private static Path sibling(Path directory, String kind) {
        return directory.resolveSibling("." + directory.getFileName() + "." + kind + "-" + UUID.randomUUID());
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
