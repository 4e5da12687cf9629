package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompareCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void saysWhichLatenciesDiffer() throws IOException {
        Path before = write("a.json", machine(2), latency("f32", "1x128", 10, 1), latency("f32", "1x8", 1, 2));
        Path after = write("b.json", machine(2), latency("f32", "1x128", 8, 3), latency("f32", "1x8", 1, 4));
        CommandLineRun run = CommandLineRun.of("compare", before.toString(), after.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(2);
        assertThat(run.lines().getFirst())
                .contains("1x128, 2 threads", "hone f32", "ratio 0.8")
                .endsWith("  real");
        assertThat(run.lines().getLast()).contains("1x8").endsWith("no real difference");
        JsonNode json =
                MAPPER.readTree(CommandLineRun.of("compare", before.toString(), after.toString(), "--format", "json")
                        .lines()
                        .getFirst());
        assertThat(json.get("real").asBoolean()).isTrue();
        assertThat(json.at("/interval/high").asDouble()).isLessThan(1);
        assertThat(json.get("probability").asDouble()).isLessThan(0.05);
    }

    @Test
    void oneRecordOfAShapeIsComparedWhateverRanIt() throws IOException {
        Path before = write("a.json", latency("f32", "1x128", 10, 1));
        Path after = write("b.json", latency("int8", "1x128", 4, 3), latency("int8", "1x8", 4, 3));
        CommandLineRun run = CommandLineRun.of("compare", before.toString(), after.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).singleElement().asString().contains("hone f32 -> hone int8");
        assertThat(run.err()).contains("do not tell whether").contains("1x8, 2 threads is only in");
    }

    @Test
    void saysWhichFiguresDiffer() throws IOException {
        Path before = write("a.json", evaluation("f32", 0.90, 0.88, 0.92), evaluation("bf16", 0.90, 0.88, 0.92));
        Path after = write("b.json", evaluation("f32", 0.85, 0.83, 0.87), evaluation("bf16", 0.89, 0.87, 0.91));
        CommandLineRun run = CommandLineRun.of("compare", before.toString(), after.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines().getFirst())
                .contains("sst2, 900 rows, accuracy", "difference -0.05")
                .endsWith("  real");
        assertThat(run.lines().getLast()).contains("hone bf16").endsWith("no real difference");
        assertThat(run.err()).contains("rows are not paired");
    }

    @Test
    void refusesWhatCannotBeCompared() throws IOException {
        Path two = write("two.json", machine(2), latency("f32", "1x8", 1, 1));
        assertRefused(
                two, write("b.json", machine(4), latency("f32", "1x8", 1, 1)), "different machines (cores 2 and 4)");
        assertRefused(two, write("b.json", machine(2), latency("f32", "1x16", 1, 1)), "nothing in both");
        assertRefused(two, write("b.json", evaluation("f32", 0.9, 0.8, 1)), "give two of a kind");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | bad.json: no records",
                "{\"x\" | bad.json:1: broken JSON",
                "{\"x\": 1} | bad.json:1: neither a latency nor an evaluation",
                "{\"median_ms\": 1, \"engine\": \"hone\"} | bad.json:1: no precision; measure with hone benchmark"
            })
    void saysWhereAFileIsWrong(String content, String what) throws IOException {
        Path good = write("good.json", latency("f32", "1x8", 1, 1));
        assertRefused(good, write("bad.json", content), what);
        assertRefused(good, folder.resolve("absent.json"), "absent.json: cannot be read");
        Path binary = Files.write(folder.resolve("binary.json"), new byte[] {'{', (byte) 0xff, '}', '\n'});
        assertRefused(good, binary, "binary.json: cannot be read: it is no UTF-8 text; give a file of records");
    }

    private static void assertRefused(Path first, Path second, String what) {
        CommandLineRun run = CommandLineRun.of("compare", first.toString(), second.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(what);
        assertThat(run.out()).isEmpty();
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private static String machine(int cores) {
        return "{\"machine\": {\"processor\": \"p\", \"cores\": " + cores + ", \"features\": []}}";
    }

    /** Twenty turns around a median, with 2 % of noise. */
    private static String latency(String precision, String shape, double median, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> turns = new ArrayList<>();
        for (int turn = 0; turn < 20; turn++) {
            turns.add(Double.toString(median * (1 + 0.02 * random.nextGaussian())));
        }
        String[] sides = shape.split("x", -1);
        return "{\"engine\": \"hone\", \"precision\": \"" + precision + "\", \"batch\": " + sides[0]
                + ", \"sequence\": " + sides[1] + ", \"threads\": 2, \"median_ms\": " + median + ", \"repeats_ms\": "
                + turns + "}";
    }

    private static String evaluation(String precision, double accuracy, double low, double high) {
        return "{\"task\": \"sst2\", \"rows\": 900, \"engine\": \"hone\", \"precision\": \"" + precision
                + "\", \"metrics\": {\"accuracy\": " + accuracy + "}, \"intervals\": {\"accuracy\": {\"low\": " + low
                + ", \"high\": " + high + "}}}";
    }
}
