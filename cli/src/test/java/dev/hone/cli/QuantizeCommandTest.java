package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.checkpoint.OnnxWriter;
import dev.hone.session.OpenedModel;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuantizeCommandTest {
    @TempDir
    private Path folder;

    private Path model = Path.of("");
    private Path output = Path.of("");

    @BeforeEach
    void writeModel() throws IOException {
        model = folder.resolve("model.onnx");
        output = folder.resolve("quantised.onnx");
        try (OpenedModel opened = OpenedModel.open(TinyBert.classifier(32, 64).write(folder))) {
            OnnxWriter.write(opened.graph(), model);
        }
    }

    private CommandLineRun quantize(String... more) {
        List<String> arguments = new ArrayList<>(List.of("quantize", model.toString(), "--out"));
        arguments.add(output.toString());
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void everyNodeIsAccountedForAndAnswersAreCompared() {
        CommandLineRun run = quantize("--preset", "avx512_vnni");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("MatMulInteger", "its second operand is no constant", "same labels", "cosine");
        assertThat(output).isNotEmptyFile();
    }

    @Test
    void jsonHasALineForEachNodeAndTheAgreement() throws IOException {
        CommandLineRun run = quantize("--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode agreement = new ObjectMapper().readTree(run.lines().getLast());
        assertThat(agreement.get("mean_cosine").asDouble()).isGreaterThan(0.9);
        assertThat(run.out()).contains("\"quantized\":true", "\"bytes_after\"");
    }

    @Test
    void saturationIsWarnedOf() {
        assertThat(quantize("--preset", "avx512", "--no-compare").out()).contains("cut off at 16 bits");
        assertThat(quantize("--preset", "avx512", "--reduce-range", "--no-compare")
                        .out())
                .doesNotContain("cut off at 16 bits on processors for avx512,");
        assertThat(quantize("--preset", "avx2", "--no-compare").out()).doesNotContain("warning");
    }

    @Test
    void namesThatMeanNothingAreRefused() {
        assertRefused(quantize("--preset", "avx51"), "avx512");
        assertRefused(quantize("--operators", "MatMul,Gater"), "did you mean Gather?");
        assertRefused(quantize("--weights", "i8"), "u8, s8");
        assertRefused(CommandLineRun.of("quantize", model.toString(), "--out", model.toString()), "part of the model");
    }

    private static void assertRefused(CommandLineRun run, String part) {
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(part).hasLineCount(1);
    }
}
