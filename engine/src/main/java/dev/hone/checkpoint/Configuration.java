package dev.hone.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hone.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of a JSON object in a model's directory, for example {@code config.json}, read with their types.
 *
 * <p>Keys that are absent or {@code null} are empty; keys of another type than asked for are refused, naming the file
 * and the key.
 */
public final class Configuration {
    private static final long LARGEST_FILE_BYTES = 64L << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final String place;
    private final JsonNode tree;

    private Configuration(Path file, String place, JsonNode tree) {
        this.file = file;
        this.place = place;
        this.tree = tree;
    }

    /**
     * Reads a file that holds one JSON object.
     *
     * @throws HoneException of category CHECKPOINT when it is missing, unreadable, or no JSON object
     */
    public static Configuration read(Path file) {
        return object(file, "", parse(file));
    }

    /**
     * Reads a file that holds a list of JSON objects, such as {@code modules.json}.
     *
     * @throws HoneException of category CHECKPOINT when it is missing, unreadable, or no such list
     */
    public static List<Configuration> readList(Path file) {
        JsonNode tree = parse(file);
        if (!tree.isArray()) {
            throw MappedFile.damaged(file, "expected a list of JSON objects");
        }
        List<Configuration> entries = new ArrayList<>();
        for (JsonNode entry : tree) {
            entries.add(object(file, "[" + entries.size() + "].", entry));
        }
        return entries;
    }

    private static Configuration object(Path file, String place, JsonNode tree) {
        if (!tree.isObject()) {
            throw MappedFile.damaged(file, "expected a JSON object" + (place.isEmpty() ? "" : " at " + place));
        }
        return new Configuration(file, place, tree);
    }

    private static JsonNode parse(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE_BYTES) {
                throw MappedFile.damaged(file, "a JSON file of more than " + LARGEST_FILE_BYTES + " bytes is refused");
            }
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException failure) {
            throw new HoneException(HoneException.Category.CHECKPOINT, file + ": there is no such file", failure);
        } catch (JsonProcessingException failure) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT, file + ": no JSON: " + failure.getOriginalMessage(), failure);
        } catch (IOException failure) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT, file + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** The file that this was read from. */
    public Path file() {
        return file;
    }

    /** Whether a key is there with a value other than null. */
    public boolean has(String key) {
        return find(key).isPresent();
    }

    /** @throws HoneException of category CHECKPOINT when the value is no text */
    public Optional<String> text(String key) {
        return find(key)
                .map(node -> expect(node, key, node.isTextual(), "a text").textValue());
    }

    /** @throws HoneException of category CHECKPOINT when the value is no integer of 64 bits */
    public Optional<Long> integer(String key) {
        return find(key)
                .map(node -> expect(node, key, node.isIntegralNumber() && node.canConvertToLong(), "an integer")
                        .longValue());
    }

    /** @throws HoneException of category CHECKPOINT when the value is no number */
    public Optional<Double> number(String key) {
        return find(key)
                .map(node -> expect(node, key, node.isNumber(), "a number").doubleValue());
    }

    /** @throws HoneException of category CHECKPOINT when the value is neither true nor false */
    public Optional<Boolean> flag(String key) {
        return find(key)
                .map(node ->
                        expect(node, key, node.isBoolean(), "true or false").booleanValue());
    }

    /** A list of texts; empty where the key is absent. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        find(key).ifPresent(list -> {
            for (JsonNode entry : expect(list, key, list.isArray(), "a list of texts")) {
                texts.add(
                        expect(entry, key, entry.isTextual(), "a list of texts").textValue());
            }
        });
        return texts;
    }

    /** An object whose keys are integers and whose values are texts, such as {@code id2label}; empty where absent. */
    public NavigableMap<Long, String> numberedTexts(String key) {
        NavigableMap<Long, String> numbered = new TreeMap<>();
        textMap(key).forEach((name, text) -> {
            try {
                numbered.put(Long.parseLong(name), text);
            } catch (NumberFormatException failure) {
                throw new HoneException(
                        HoneException.Category.CHECKPOINT,
                        file + ": " + place + key + " has the key " + name + ", which is no number",
                        failure);
            }
        });
        return numbered;
    }

    /** An object of texts, in the order of the file; empty where the key is absent. */
    public Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        find(key).ifPresent(object -> {
            expect(object, key, object.isObject(), "an object of texts");
            object.properties()
                    .forEach(entry -> texts.put(
                            entry.getKey(),
                            expect(entry.getValue(), key, entry.getValue().isTextual(), "an object of texts")
                                    .textValue()));
        });
        return texts;
    }

    /** A nested object. */
    public Optional<Configuration> section(String key) {
        return find(key)
                .map(node -> new Configuration(
                        file, place + key + ".", expect(node, key, node.isObject(), "a JSON object")));
    }

    /** The failure for a setting that is required and absent. */
    public HoneException missing(String key) {
        return MappedFile.damaged(file, place + key + " is missing");
    }

    private Optional<JsonNode> find(String key) {
        JsonNode node = tree.get(key);
        return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    private JsonNode expect(JsonNode node, String key, boolean fits, String expected) {
        if (!fits) {
            String found = node.toString();
            String shown = found.length() > 60 ? found.substring(0, 60) + "…" : found;
            throw MappedFile.damaged(file, place + key + " is " + shown + ", expected " + expected);
        }
        return node;
    }

    @Override
    public String toString() {
        return "configuration of " + file;
    }
}
