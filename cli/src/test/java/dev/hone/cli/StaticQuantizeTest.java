package dev.hone.cli;

import static dev.hone.cli.QuantizedClassifier.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StaticQuantizeTest {
    @TempDir
    private Path folder;

    private QuantizedClassifier file = new QuantizedClassifier(Path.of(""), Path.of(""));

    @BeforeEach
    void writeModel() throws IOException {
        file = QuantizedClassifier.in(folder);
    }

    private CommandLineRun quantize(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--static"));
        arguments.addAll(List.of(more));
        return file.quantize(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "qdq,minmax,u8,MatMul,MatMul between DequantizeLinear",
        "qdq,entropy,s8,'MatMul,LayerNormalization',LayerNormalization between",
        "qoperator,percentile,u8,MatMul,QLinearMatMul",
        "qoperator,average,u8,'MatMul,Add',QLinearAdd"
    })
    void everyFormAndCalibrationRunsAndIsCompared(
            String form, String method, String type, String operators, String became) {
        CommandLineRun run = quantize(
                "--static-format",
                form,
                "--calibration",
                method,
                "--activations",
                type,
                "--operators",
                operators,
                "--calibration-samples",
                "12");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains(became, "same labels", "answers beside the original's");
        assertThat(file.output()).isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource({"qdq,Gemm between DequantizeLinear", "qoperator,QGemm"})
    void biasesOfMatricesBecomeWholeNumbers(String form, String became) {
        CommandLineRun run = quantize("--static-format", form, "--calibration-samples", "12");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains(became, "answers beside the original's").doesNotContain("warning: these");
    }

    @Test
    void operatorsWithoutWeightsStayUnlessNamed() {
        CommandLineRun run = quantize("--calibration-samples", "8", "--verbose", "--no-fuse");
        assertThat(run.out())
                .contains("MatMul between DequantizeLinear", "it has no weights: it is quantised where --operators")
                .doesNotContain("LayerNormalization between");
    }

    @Test
    void shardsChangeNothing() {
        CommandLineRun whole = quantize("--calibration-samples", "8");
        CommandLineRun parts = quantize("--calibration-samples", "8", "--calibration-shards", "7");
        assertThat(parts.status()).as(parts.err()).isZero();
        assertThat(parts.out()).isEqualTo(whole.out());
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertRefused(quantize("--calibration", "minmx"), "did you mean minmax?");
        assertRefused(quantize("--static-format", "qdqq"), "did you mean qdq?");
        assertRefused(quantize("--calibration-percentile", "20"), "above 50");
        assertRefused(file.quantize("--symmetric-activations"), "need --static");
    }
}
