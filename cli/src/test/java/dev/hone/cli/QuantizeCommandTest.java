package dev.hone.cli;

import static dev.hone.cli.QuantizedClassifier.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuantizeCommandTest {
    @TempDir
    private Path folder;

    private QuantizedClassifier file = new QuantizedClassifier(Path.of(""), Path.of(""));

    @BeforeEach
    void writeModel() throws IOException {
        file = QuantizedClassifier.in(folder);
    }

    @Test
    void everyNodeIsAccountedForAndAnswersAreCompared() {
        CommandLineRun run = file.quantize("--preset", "avx512_vnni", "--no-fuse");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("MatMulInteger", "its second operand is no constant", "same labels", "cosine")
                .contains("graph     as the file has it");
        assertThat(file.output()).isNotEmptyFile();
    }

    @Test
    void operatorsAreFusedFirstUnlessSomeAreNamed() {
        assertThat(file.quantize("--no-compare").out())
                .contains("graph     of ONNX Runtime's operators", "com.microsoft.QEmbedLayerNormalization");
        assertThat(file.quantize("--no-compare", "--operators", "MatMul").out())
                .contains("graph     as the file has it")
                .doesNotContain("com.microsoft");
    }

    @Test
    void jsonHasALineForEachNodeAndTheAgreement() throws IOException {
        CommandLineRun run = file.quantize("--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode agreement = new ObjectMapper().readTree(run.lines().getLast());
        assertThat(agreement.get("mean_cosine").asDouble()).isGreaterThan(0.9);
        assertThat(run.out()).contains("\"quantized\":true", "\"bytes_after\"");
    }

    @Test
    void saturationIsWarnedOf() {
        assertThat(file.quantize("--preset", "avx512", "--no-compare").out()).contains("cut off at 16 bits");
        assertThat(file.quantize("--preset", "avx512", "--reduce-range", "--no-compare")
                        .out())
                .doesNotContain("cut off at 16 bits on processors for avx512,");
        assertThat(file.quantize("--preset", "avx2", "--no-compare").out()).doesNotContain("warning");
    }

    @Test
    void namesThatMeanNothingAreRefused() {
        assertRefused(file.quantize("--preset", "avx51"), "avx512");
        assertRefused(file.quantize("--operators", "MatMul,Gater"), "did you mean Gather?");
        assertRefused(file.quantize("--weights", "i8"), "u8, s8");
        assertRefused(
                CommandLineRun.of(
                        "quantize",
                        file.model().toString(),
                        "--out",
                        file.model().toString()),
                "part of the model");
    }
}
