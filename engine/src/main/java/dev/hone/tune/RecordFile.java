package dev.hone.tune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.FileFailure;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.kernel.LinearSchedule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Tuning records as a file of JSON lines, which grows by one line whenever a problem is done.
 *
 * <p>A last line without its end is what an interrupted run left: it is not read, and the next record takes its place.
 */
public final class RecordFile {
    private static final String SHIPPED = "tuning.jsonl";
    private static final long MOST_BYTES = 16L << 20;
    private static final int MOST_SIDE = 64;
    private static final int MOST_SPAN = 1 << 24;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path path;

    private RecordFile(Path path) {
        this.path = path;
    }

    /** A file that need not be there yet. */
    public static RecordFile at(Path path) {
        return new RecordFile(path);
    }

    /** The records that come with Hone. */
    public static List<TuningRecord> shipped() {
        try (InputStream stream = RecordFile.class.getResourceAsStream(SHIPPED)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + SHIPPED + " is missing from the class path");
            }
            return parse(SHIPPED, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * All records; none where there is no file.
     *
     * @throws HoneException of category CHECKPOINT, naming the line, when the file is no such file
     */
    public List<TuningRecord> read() {
        if (!Files.exists(path)) {
            return List.of();
        }
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > MOST_BYTES) {
                throw new HoneException(
                        Category.CHECKPOINT,
                        path + ": no file of at most " + MOST_BYTES + " bytes; give another to --records");
            }
            return parse(path.toString(), Files.readString(path));
        } catch (IOException failure) {
            throw new HoneException(
                    Category.CHECKPOINT, path + ": cannot be read: " + FileFailure.whileReading(failure), failure);
        }
    }

    /**
     * Adds a record and waits until it is on the disk.
     *
     * @throws HoneException of category OUTPUT when it cannot be written
     */
    public void append(TuningRecord record) {
        byte[] line = (json(record) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.position(endOfLastLine(channel));
                channel.truncate(channel.position());
                ByteBuffer bytes = ByteBuffer.wrap(line);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    path + ": cannot be written (" + failure.getMessage() + "); choose another place with --records",
                    failure);
        }
    }

    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        long end = channel.size();
        while (end > 0) {
            one.clear();
            channel.read(one, end - 1);
            if (one.get(0) == '\n') {
                return end;
            }
            end--;
        }
        return 0;
    }

    private static List<TuningRecord> parse(String file, String text) {
        List<TuningRecord> records = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            String line = text.substring(start, end);
            start = end + 1;
            if (!line.isBlank()) {
                records.add(record(file + ", record " + (records.size() + 1), line));
            }
        }
        return records;
    }

    private static TuningRecord record(String place, String line) {
        try {
            JsonNode tree = MAPPER.readTree(line);
            LinearSchedule schedule = new LinearSchedule(
                    whole(tree, place, "rows", 1, MOST_SIDE),
                    whole(tree, place, "vectors", 1, MOST_SIDE),
                    whole(tree, place, "fetch_ahead", 0, MOST_SPAN),
                    whole(tree, place, "block_bytes", 1, MOST_SPAN),
                    wholeOr(LinearSchedule.WHOLE, tree, place, "depth_block"),
                    wholeOr(LinearSchedule.ESTIMATED, tree, place, "band_rows"));
            Gain gain = new Gain(
                    number(tree, place, "ratio"),
                    number(tree, place, "low95"),
                    number(tree, place, "high95"),
                    whole(tree, place, "rounds", 0, Integer.MAX_VALUE));
            return new TuningRecord(
                    text(tree, place, "problem"),
                    text(tree, place, "processor"),
                    schedule,
                    gain,
                    text(tree, place, "time"));
        } catch (JsonProcessingException failure) {
            throw new HoneException(Category.CHECKPOINT, place + ": no JSON: " + failure.getOriginalMessage(), failure);
        }
    }

    private static String text(JsonNode tree, String place, String key) {
        return expect(tree.path(key), tree.path(key).isTextual(), place, key).textValue();
    }

    private static double number(JsonNode tree, String place, String key) {
        JsonNode node = tree.path(key);
        boolean positive = node.isNumber() && node.doubleValue() > 0 && node.doubleValue() < 1e6;
        return expect(node, positive, place, key).doubleValue();
    }

    private static int whole(JsonNode tree, String place, String key, int least, int most) {
        JsonNode node = tree.path(key);
        boolean fits = node.canConvertToInt()
                && node.isIntegralNumber()
                && node.intValue() >= least
                && node.intValue() <= most;
        return expect(node, fits, place, key).intValue();
    }

    /** What records have had from the start of this key on only. */
    private static int wholeOr(int missing, JsonNode tree, String place, String key) {
        return tree.has(key) ? whole(tree, place, key, 0, MOST_SPAN) : missing;
    }

    private static JsonNode expect(JsonNode node, boolean fits, String place, String key) {
        if (!fits) {
            throw new HoneException(
                    Category.CHECKPOINT, place + ": " + key + " is missing or no such value as tuning writes");
        }
        return node;
    }

    private static String json(TuningRecord record) {
        ObjectNode tree = MAPPER.createObjectNode();
        tree.put("problem", record.problem());
        tree.put("processor", record.processor());
        tree.put("rows", record.schedule().rows());
        tree.put("vectors", record.schedule().vectors());
        tree.put("fetch_ahead", record.schedule().fetchAhead());
        tree.put("block_bytes", record.schedule().blockBytes());
        tree.put("depth_block", record.schedule().depthBlock());
        tree.put("band_rows", record.schedule().bandRows());
        tree.put("ratio", record.gain().ratio());
        tree.put("low95", record.gain().low());
        tree.put("high95", record.gain().high());
        tree.put("rounds", record.gain().rounds());
        tree.put("time", record.time());
        return tree.toString();
    }
}
