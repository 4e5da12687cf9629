package dev.hone.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of the README say what the records say; {@code ./do figures} makes them so. */
final class MeasuredFiguresTest {
    private static final Pattern FIGURES =
            Pattern.compile("<!-- figures (\\S+) -->\n(.*?)<!-- end of figures -->", Pattern.DOTALL);
    private static final Map<String, String> ENGINES = Map.of(
            "ONNX Runtime", "onnxruntime",
            "ONNX Runtime (Python)", "onnxruntime-python",
            "OpenVINO", "openvino",
            "Hone", "hone");

    @Test
    void tablesAgreeWithTheirRecords() throws IOException {
        Path root = Repository.root();
        List<MatchResult> tables = FIGURES.matcher(Files.readString(root.resolve("README.md")))
                .results()
                .toList();
        assertThat(tables).as("tables of figures in README.md").isNotEmpty();
        int latencies = 0;
        for (MatchResult table : tables) {
            Map<String, Double> medians = medians(root.resolve(table.group(1)));
            if (medians.isEmpty()) {
                // A table of scores, whose records hold no times.
                continue;
            }
            latencies++;
            int compared = compare(table.group(2).strip().lines().toList(), medians);
            assertThat(compared)
                    .as("medians of %s in the table", table.group(1))
                    .isEqualTo(medians.size());
        }
        assertThat(latencies).as("tables of latencies in README.md").isPositive();
    }

    /** Medians by shape, engine and precision. */
    private static Map<String, Double> medians(Path records) throws IOException {
        Map<String, Double> medians = new HashMap<>();
        for (String line : Files.readAllLines(records)) {
            JsonNode node = new ObjectMapper().readTree(line);
            if (node.has("median_ms")) {
                String shape =
                        node.get("batch").asInt() + "x" + node.get("sequence").asInt();
                String contestant = node.get("engine").asText() + " "
                        + node.get("precision").asText();
                medians.put(shape + " " + contestant, node.get("median_ms").asDouble());
            }
        }
        return medians;
    }

    /** The number of medians that the table holds. */
    private static int compare(List<String> table, Map<String, Double> medians) {
        List<String> titles = cells(table.getFirst());
        int compared = 0;
        for (String line : table.subList(2, table.size())) {
            List<String> cells = cells(line);
            for (int column = 1; column < cells.size(); column++) {
                boolean part = titles.get(column).equals("part");
                String contestant = part ? titles.get(column - 1) : titles.get(column);
                String key = cells.getFirst() + " " + contestant(contestant);
                assertThat(medians).containsKey(key);
                double expected = medians.getOrDefault(key, Double.NaN);
                agrees(key, cells.get(column), part ? expected / quickestPeer(key, medians) : expected);
                compared += part ? 0 : 1;
            }
        }
        return compared;
    }

    private static double quickestPeer(String hone, Map<String, Double> medians) {
        return medians.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(hone))
                .filter(entry -> entry.getKey().replaceFirst(" \\S+ ", " ").equals(hone.replaceFirst(" \\S+ ", " ")))
                .mapToDouble(Map.Entry::getValue)
                .min()
                .orElseThrow();
    }

    /** A rounded number is at most half of its last digit away. */
    private static void agrees(String what, String cell, double expected) {
        int point = cell.indexOf('.');
        double half = 0.5 * Math.pow(10, point < 0 ? 0 : point + 1 - cell.length());
        assertThat(Double.parseDouble(cell)).as(what).isCloseTo(expected, within(half * (1 + 1e-6)));
    }

    /** {@code OpenVINO bf16} as records name it. */
    private static String contestant(String title) {
        int space = title.lastIndexOf(' ');
        return ENGINES.get(title.substring(0, space)) + title.substring(space);
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.strip().replaceAll("^\\||\\|$", "").split("\\|", -1))
                .map(String::strip)
                .toList();
    }
}
