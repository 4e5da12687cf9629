package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.engines.TinyOnnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchmarkCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeModel() throws IOException {
        TinyOnnx.write(folder.resolve("model.onnx"), false);
        Files.writeString(
                folder.resolve("config.json"),
                "{\"vocab_size\": " + TinyOnnx.VOCABULARY + ", \"max_position_embeddings\": 64}");
    }

    @Test
    void jsonHoldsTheContract() throws IOException {
        CommandLineRun run = benchmark("--shape", "1x8,2x4", "--threads", "1", "--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(run.lines().getFirst());
        assertThat(first.propertyStream().map(Map.Entry::getKey))
                .containsExactly(
                        "engine",
                        "precision",
                        "batch",
                        "sequence",
                        "threads",
                        "samples",
                        "median_ms",
                        "low95_ms",
                        "high95_ms",
                        "p90_ms",
                        "p99_ms",
                        "sequences_per_second",
                        "share_of_limit",
                        "answer_difference");
        assertThat(first.get("engine").asText()).isEqualTo("onnxruntime");
        assertThat(first.get("median_ms").asDouble())
                .isPositive()
                .isBetween(
                        first.get("low95_ms").asDouble(), first.get("high95_ms").asDouble());
        assertThat(first.get("p99_ms").asDouble())
                .isGreaterThanOrEqualTo(first.get("p90_ms").asDouble());
        assertThat(new ObjectMapper().readTree(run.err()).get("cores").asInt()).isPositive();
    }

    @Test
    void recordsTakeNoPlaceOfTheModelsFiles() throws IOException {
        Path configuration = folder.resolve("config.json");
        String before = Files.readString(configuration);
        CommandLineRun run = benchmark("--shape", "2x4", "--repeats", "2", "--out", configuration.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("config.json is part of the model that is read")
                .hasLineCount(1);
        assertThat(configuration).hasContent(before);
    }

    @Test
    void medianEndsInOneNumber() {
        CommandLineRun run = benchmark("--shape", "2x4", "--format", "median");
        assertThat(run.status()).as(run.err()).isZero();
        String[] words = run.out().strip().split("\\s+", -1);
        assertThat(Double.parseDouble(words[words.length - 1])).isPositive();
        assertThat(words).containsSequence("onnxruntime", "f32", "2x4");
    }

    @Test
    void gridsAreDescribedAndKept() throws IOException {
        Path kept = folder.resolve("kept.json");
        String[] grid = "--batch 1,2 --length 4,8 --threads 1,2 --repeats 5 --format csv --out".split(" ", -1);
        List<String> options = new ArrayList<>(List.of(grid));
        options.add(kept.toString());
        CommandLineRun run = benchmark(options.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(9);
        assertThat(run.lines().getFirst()).endsWith(",count,mean,std,min,25%,50%,75%,max");
        assertThat(run.lines().get(1)).startsWith("onnxruntime,f32,1,4,1,").contains(",5,");
        assertThat(run.lines().getLast()).startsWith("onnxruntime,f32,2,8,2,");
        List<String> records = Files.readAllLines(kept);
        assertThat(records).hasSize(9);
        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(records.getFirst()).at("/machine/cores").asInt())
                .isPositive();
        assertThat(mapper.readTree(records.getLast()).get("repeats_ms")).hasSize(5);
        CommandLineRun same = CommandLineRun.of("compare", kept.toString(), kept.toString());
        assertThat(same.lines()).hasSize(8).allMatch(line -> line.endsWith("no real difference"));
    }

    @Test
    void markdownHasAHeader() {
        CommandLineRun run = benchmark("--shape", "1x8", "--format", "markdown");
        assertThat(run.lines()).hasSize(3);
        assertThat(run.lines().get(1)).startsWith("|---|").endsWith("|---|");
        CommandLineRun table = benchmark("--shape", "1x8", "--repeats", "3");
        assertThat(table.lines().getFirst()).contains("count", "mean ms", "std", "75%");
    }

    @Test
    void tablesHaveALineForEachShape() {
        CommandLineRun run = benchmark("--shape", "1x8,1x16");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(3);
        assertThat(run.lines().getFirst()).contains("median ms", "95 % interval");
        assertThat(run.lines().getLast()).contains("1x16", "onnxruntime");
    }

    @ParameterizedTest
    @CsvSource({
        "--shape,0x8,2,batch and sequence are at least 1",
        "--shape,8,2,BATCHxSEQUENCE",
        "--shape,1x65,2,at most 64 tokens",
        "--engine,tensorrt,2,use one of",
        "--threads,0,2,at least 1",
        "--threads,many,2,--threads",
        "--seconds,0,2,seconds 0",
        "--repeats,0,2,repeats 0",
        "--batch,0,2,batch and sequence are at least 1",
        "--precision,int3,2,unknown precision 'int3'",
        "--precision,int8,1,onnxruntime runs models in f32 only",
        "--format,yaml,2,yaml",
    })
    void wrongOptionsAreOneClearLine(String option, String value, int status, String part) {
        CommandLineRun run = benchmark(option, value);
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("hone: ").contains(part);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void missingModelsAreSaid() {
        CommandLineRun run =
                CommandLineRun.of("benchmark", folder.resolve("nothing").toString(), "--engine", "onnxruntime");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("nothing");
    }

    private CommandLineRun benchmark(String... options) {
        List<String> arguments = new ArrayList<>(List.of("benchmark", folder.toString()));
        arguments.addAll(List.of(options));
        withDefault(arguments, "--engine", "onnxruntime");
        withDefault(arguments, "--seconds", "0.05");
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    private static void withDefault(List<String> arguments, String option, String value) {
        if (!arguments.contains(option)) {
            arguments.addAll(List.of(option, value));
        }
    }
}
