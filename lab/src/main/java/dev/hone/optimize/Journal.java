package dev.hone.optimize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was measured, a JSON object a line, so that an interrupted search goes on where it was.
 *
 * <p>A line is written at once when its measurement is complete. Lines of another model, other data, another machine or
 * other settings are left alone and not used; a line that was cut off is no measurement.
 */
public final class Journal implements AutoCloseable {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final String KEY = "key";
    private static final String VALUE = "value";

    private final Path file;
    private final FileChannel channel;
    private final Map<Map<String, String>, JsonNode> found = new HashMap<>();
    private int written;

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a journal.
     *
     * @param resume whether what it holds is used; otherwise it begins anew
     * @throws HoneException of category {@code OUTPUT} when it cannot be written
     */
    public static Journal open(Path file, boolean resume) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
            Journal journal = new Journal(file, channel);
            journal.refuseSecond();
            if (resume && Files.isRegularFile(file)) {
                journal.read();
            } else if (Files.isRegularFile(file)) {
                journal.channel.truncate(0);
            }
            return journal;
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }

    /** Lines of two searches would mix, and the second one to begin would remove what the first one has. */
    private void refuseSecond() throws IOException {
        boolean alone;
        try {
            alone = channel.tryLock() != null;
        } catch (OverlappingFileLockException ofThisProcess) {
            alone = false;
        }
        if (!alone) {
            channel.close();
            throw new HoneException(
                    Category.OUTPUT, file + ": another search is writing it; wait for it, or give another --out");
        }
    }

    private void read() throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        int end = text.lastIndexOf('\n') + 1;
        text.substring(0, end).lines().forEach(this::take);
        // What follows the last line break was cut off; the next line takes its place.
        channel.truncate(text.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
        channel.position(channel.size());
    }

    private void take(String line) {
        try {
            JsonNode object = MAPPER.readTree(line);
            if (object.path(KEY).isObject() && object.has(VALUE)) {
                Map<String, String> key = new LinkedHashMap<>();
                object.get(KEY)
                        .propertyStream()
                        .forEach(entry ->
                                key.put(entry.getKey(), entry.getValue().asText()));
                found.put(key, object.get(VALUE));
            }
        } catch (JsonProcessingException damaged) {
            // A damaged line is measured again, which is all that it could be used for.
        }
    }

    /** What was measured under a key, when it was and has the form that is asked for. */
    public <T> Optional<T> find(Map<String, String> key, Class<T> type) {
        JsonNode value = found.get(key);
        try {
            return value == null ? Optional.empty() : Optional.of(MAPPER.treeToValue(value, type));
        } catch (JsonProcessingException anotherForm) {
            return Optional.empty();
        }
    }

    /** What was measured under a key; it is measured now and kept where it was not. */
    public <T> T measured(Map<String, String> key, Class<T> type, Supplier<T> measurement) {
        return find(key, type).orElseGet(() -> {
            T fresh = measurement.get();
            add(key, fresh);
            return fresh;
        });
    }

    /**
     * Keeps a measurement.
     *
     * @throws HoneException of category {@code OUTPUT} when it cannot be written
     */
    public void add(Map<String, String> key, Object value) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(KEY, key);
        line.put(VALUE, value);
        try {
            String text = MAPPER.writeValueAsString(line);
            ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            found.put(Map.copyOf(key), MAPPER.valueToTree(value));
            written++;
        } catch (JsonProcessingException unexpected) {
            throw new IllegalStateException("a measurement cannot be written as JSON", unexpected);
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }

    /** Measurements that were added since it was opened. */
    public int written() {
        return written;
    }

    /** Measurements that it holds. */
    public int size() {
        return found.size();
    }

    public Path file() {
        return file;
    }

    private static HoneException unwritable(Path file, IOException failure) {
        return new HoneException(
                Category.OUTPUT,
                file + ": cannot be written (" + failure.getMessage()
                        + "); make room or choose another place with --out, then go on with --resume",
                failure);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }
}
