package dev.hone.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.hone.FileFailure;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Records that {@code hone benchmark --out} or {@code hone evaluate --format json} wrote.
 *
 * @param machine where they were taken; missing where the file does not tell
 * @param latencies of benchmarks, each with its turns
 * @param evaluations of labelled data
 */
record RecordFile(Path path, JsonNode machine, List<JsonNode> latencies, List<JsonNode> evaluations) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long LARGEST_BYTES = 256L << 20;

    /** @throws HoneException of category {@code INPUT} when it cannot be read or holds no records */
    static RecordFile read(Path path) {
        JsonNode machine = MissingNode.getInstance();
        List<JsonNode> latencies = new ArrayList<>();
        List<JsonNode> evaluations = new ArrayList<>();
        int number = 0;
        for (String line : lines(path)) {
            number++;
            JsonNode node = parse(path, number, line);
            if (node.has("machine")) {
                machine = node.get("machine");
            } else if (node.has("metrics") && node.has("task")) {
                evaluations.add(node);
            } else if (node.has("median_ms")) {
                latencies.add(withTurns(path, number, node));
            } else if (!node.isMissingNode()) {
                throw wrong(
                        path,
                        number,
                        "neither a latency nor an evaluation; give files of hone benchmark --out or"
                                + " hone evaluate --format json");
            }
        }
        if (latencies.isEmpty() == evaluations.isEmpty()) {
            throw new HoneException(
                    Category.INPUT,
                    path + (latencies.isEmpty() ? ": no records" : ": both latencies and evaluations")
                            + "; give files of hone benchmark --out or hone evaluate --format json");
        }
        return new RecordFile(path, machine, latencies, evaluations);
    }

    private static List<String> lines(Path path) {
        try {
            if (Files.size(path) > LARGEST_BYTES) {
                throw new HoneException(Category.INPUT, path + ": too large for a file of records; give another one");
            }
            return Files.readAllLines(path);
        } catch (IOException failure) {
            throw new HoneException(
                    Category.INPUT,
                    path + ": cannot be read: " + FileFailure.whileReading(failure) + "; give a file of records",
                    failure);
        }
    }

    private static JsonNode parse(Path path, int number, String line) {
        try {
            return line.isBlank() ? MissingNode.getInstance() : MAPPER.readTree(line);
        } catch (JsonProcessingException broken) {
            throw wrong(path, number, "broken JSON: " + broken.getOriginalMessage());
        }
    }

    private static JsonNode withTurns(Path path, int number, JsonNode node) {
        for (String field : List.of("engine", "precision", "batch", "sequence", "threads", "repeats_ms")) {
            if (!node.has(field)) {
                throw wrong(path, number, "no " + field + "; measure with hone benchmark --repeats 20 --out F");
            }
        }
        return node;
    }

    private static HoneException wrong(Path path, int number, String what) {
        return new HoneException(Category.INPUT, path + ":" + number + ": " + what);
    }
}
