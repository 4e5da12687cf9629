package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.engines.TinyOnnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransformCommandTest {
    @TempDir
    private Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyOnnx.write(folder.resolve("model.onnx"), false);
    }

    @Test
    void everyPassAndOperatorIsAccountedFor() {
        CommandLineRun run = CommandLineRun.of("transform", model.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("FuseAttention", "fired", "operator", "before", "gather");
    }

    @Test
    void jsonHasALineForEachPass() throws IOException {
        CommandLineRun run = CommandLineRun.of("transform", model.toString(), "--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        List<String> lines = run.lines();
        assertThat(lines).hasSizeGreaterThan(5);
        JsonNode pass = new ObjectMapper().readTree(lines.getFirst());
        assertThat(pass.get("pass").asText()).isNotBlank();
        assertThat(pass.get("nodes_before").asInt()).isPositive();
        JsonNode operators = new ObjectMapper().readTree(lines.getLast());
        assertThat(operators.get("operators_before").get("gather").asInt()).isEqualTo(1);
    }

    @Test
    void graphsAreDumpedByNumber() throws IOException {
        Path dump = folder.resolve("passes");
        CommandLineRun run = CommandLineRun.of("transform", model.toString(), "--dump", dump.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(dump.resolve("000_Input.txt")).isNotEmptyFile();
        try (var files = Files.list(dump)) {
            assertThat(files).hasSizeGreaterThan(5);
        }
    }

    @Test
    void thePageHoldsBothGraphsAndEveryPass() throws IOException {
        Path page = folder.resolve("page.html");
        CommandLineRun run = CommandLineRun.of("transform", model.toString(), "--html", page.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(page).content().contains("<title>Transforms of ");
        JsonNode data = new ObjectMapper().readTree(folder.resolve("page.json").toFile());
        assertThat(data.get("graphs")).hasSize(2);
        assertThat(data.get("passes")).hasSizeGreaterThan(5);
    }

    @Test
    void placesThatCannotBeWrittenAreSaid() {
        CommandLineRun run = CommandLineRun.of("transform", model.toString(), "--dump", model.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("hone: ").hasLineCount(1);
    }

    @Test
    void missingModelsAreSaid() {
        CommandLineRun run =
                CommandLineRun.of("transform", folder.resolve("none").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("none").hasLineCount(1);
    }

    @Test
    void namedTransformsAreAppliedAndTheAnswersCompared() throws IOException {
        Path out = folder.resolve("out.onnx");
        Path before = folder.resolve("before.txt");
        Path after = folder.resolve("after.txt");
        CommandLineRun run = CommandLineRun.of(
                "transform",
                model.toString(),
                "--passes",
                "simplifyexpr,RemoveDropout",
                "--out",
                out.toString(),
                "--dump",
                before + "," + after);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("SimplifyExpr", "RemoveDropout", "all nodes", "answers equal", "ONNX Runtime");
        assertThat(out).isNotEmptyFile();
        assertThat(before).isNotEmptyFile();
        assertThat(after).isNotEmptyFile();
    }

    @Test
    void jsonEndsWithTheComparison() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "transform", model.toString(), "--passes", "DeepCopy,LintAndRecompile", "--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode check = new ObjectMapper().readTree(run.lines().getLast());
        assertThat(check.get("difference").get("values").asInt()).isPositive();
        assertThat(check.get("difference").get("largest_relative").asDouble()).isZero();
        assertThat(check.get("equal").asBoolean()).isTrue();
    }

    @Test
    void unknownPassesAreRefusedWithTheNearestName() {
        CommandLineRun run = CommandLineRun.of("transform", model.toString(), "--passes", "MergeLinear");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("unknown pass 'MergeLinear'", "did you mean MergeLinears?", "FastMath")
                .hasLineCount(1);
    }

    @Test
    void wrongUsesAreRefused() {
        String given = model.toString();
        refuses("is part of the model", "transform", given, "--passes", "DeepCopy", "--out", given);
        refuses("RemoveDropout has no reverse", "transform", given, "--passes", "RemoveDropout", "--reverse");
        refuses("--reverse and --bind are for", "transform", given, "--reverse");
        refuses("write INPUT=NUMBER", "transform", given, "--passes", "BindParams", "--bind", "mask");
        refuses("there is no input mask", "transform", given, "--passes", "BindParams", "--bind", "mask=1");
        refuses("--bind is for the pass BindParams", "transform", given, "--passes", "DeepCopy", "--bind", "mask=1");
        refuses("give a directory, or two files", "transform", given, "--dump", "a,b,c");
        refuses("--external-data is for", "transform", given, "--external-data");
        refuses("no model", "transform");
    }

    private static void refuses(String words, String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("hone: ").contains(words).hasLineCount(1);
    }

    @Test
    void transformsAreListed() throws IOException {
        CommandLineRun run = CommandLineRun.of("transform", "--list");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("MergeLinears", "Optimum", "reversible", "FastMath", "TVM");
        List<String> lines =
                CommandLineRun.of("transform", "--list", "--format", "json").lines();
        assertThat(new ObjectMapper()
                        .readTree(lines.getFirst())
                        .get("reversible")
                        .asBoolean())
                .isTrue();
    }
}
