package dev.hone.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of the documents say what the records say; {@code ./do figures} makes them so. */
final class MeasuredFiguresTest {
    private static final Map<String, List<String>> RIVALS = Map.of(
            "f32 / ONNX Runtime", List.of("onnxruntime f32", "onnxruntime-python f32"),
            "f32 / OpenVINO", List.of("openvino f32"),
            "bf16 / OpenVINO", List.of("openvino bf16"),
            "int8 / ONNX Runtime", List.of("onnxruntime-python int8"),
            "int8 / OpenVINO", List.of("openvino int8"));
    private static final Map<String, String> ENGINES = Map.of(
            "ONNX Runtime", "onnxruntime",
            "ONNX Runtime (Python)", "onnxruntime-python",
            "OpenVINO", "openvino",
            "Hone", "hone");

    @Test
    void timesAgreeWithTheirRecords() throws IOException {
        for (MatchResult table : tables("README.md", "")) {
            Map<String, Double> medians = medians(Repository.root().resolve(table.group(1)));
            int compared = compare(lines(table), medians);
            assertThat(compared)
                    .as("medians of %s in the table", table.group(1))
                    .isEqualTo(medians.size());
        }
    }

    @Test
    void partsAgreeWithTheirRecords() throws IOException {
        for (MatchResult table : tables("docs/speed.md", "parts of ")) {
            Map<String, Double> medians = medians(Repository.root().resolve(table.group(1)));
            List<String> titles = cells(lines(table).getFirst());
            assertThat(titles.subList(1, titles.size())).containsExactlyInAnyOrderElementsOf(RIVALS.keySet());
            for (String line : rows(table)) {
                List<String> cells = cells(line);
                for (int column = 1; column < cells.size(); column++) {
                    String title = titles.get(column);
                    agrees(line, cells.get(column), part(cells.getFirst(), title, medians));
                }
            }
        }
    }

    @Test
    void accuracyAgreesWithItsRecords() throws IOException {
        MatchResult table = tables("README.md", "accuracy of ").getFirst();
        List<JsonNode> records = records(Repository.root().resolve(table.group(1))).stream()
                .filter(record -> record.has("metrics"))
                .toList();
        List<String> titles = cells(lines(table).getFirst());
        for (String line : rows(table)) {
            List<String> cells = cells(line);
            String data = cells.getFirst().replaceFirst(".*, (\\S+) .*", "$1");
            for (int column = 2; column < cells.size(); column++) {
                String precision = titles.get(column);
                JsonNode record = records.stream()
                        .filter(each -> each.get("data").asText().startsWith(data + "."))
                        .filter(each -> each.get("precision").asText().equals(precision))
                        .findFirst()
                        .orElseThrow();
                agrees(line, cells.get(column).replaceFirst("[\\\\ ].*", ""), shown(record, cells.get(1)));
            }
        }
    }

    /** A metric of the original or what another precision adds to it, in points of a hundred. */
    private static double shown(JsonNode record, String metric) {
        String name = switch (metric) {
            case "F1" -> "f1";
            case "Spearman's correlation" -> "cosine_spearman";
            default -> metric;
        };
        double value = record.has("against")
                ? record.at("/against/differences/" + name + "/difference").asDouble()
                : record.at("/metrics/" + name).asDouble();
        return record.get("task").asText().startsWith("squad") ? value : 100 * value;
    }

    private static double part(String shape, String title, Map<String, Double> medians) {
        String hone = shape + " hone " + title.substring(0, title.indexOf(' '));
        double quickest = RIVALS.getOrDefault(title, List.of()).stream()
                .mapToDouble(rival -> medians.getOrDefault(shape + " " + rival, Double.NaN))
                .min()
                .orElseThrow();
        return medians.getOrDefault(hone, Double.NaN) / quickest;
    }

    private static List<MatchResult> tables(String document, String kind) throws IOException {
        String text = Files.readString(Repository.root().resolve(document));
        String table = "<!-- figures " + kind + "(\\S+) -->\n(.*?)<!-- end of figures -->";
        List<MatchResult> tables =
                Pattern.compile(table, Pattern.DOTALL).matcher(text).results().toList();
        assertThat(tables).as("tables of figures in %s", document).isNotEmpty();
        return tables;
    }

    private static List<String> lines(MatchResult table) {
        return table.group(2).strip().lines().toList();
    }

    private static List<String> rows(MatchResult table) {
        List<String> lines = lines(table);
        return lines.subList(2, lines.size());
    }

    private static List<JsonNode> records(Path file) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            records.add(new ObjectMapper().readTree(line));
        }
        return records;
    }

    /** Medians by shape, engine and precision. */
    private static Map<String, Double> medians(Path records) throws IOException {
        Map<String, Double> medians = new HashMap<>();
        for (JsonNode node : records(records)) {
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
