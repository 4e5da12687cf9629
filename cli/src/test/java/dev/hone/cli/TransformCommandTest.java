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
        assertThat(run.out()).contains("FuseAttention", "fired", "operator", "before", "Gather");
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
        assertThat(operators.get("operators_before").get("Gather").asInt()).isEqualTo(1);
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
}
