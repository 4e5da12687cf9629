package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.onnx.optimize.ExportedEncoder;
import dev.hone.onnx.optimize.ExportedEncoder.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxOptimizeCommandTest {
    @TempDir
    private Path folder;

    private Path model = Path.of("");
    private Path target = Path.of("");

    @BeforeEach
    void writeModel() {
        model = ExportedEncoder.of(Style.OLD_BERT).write(folder.resolve("model.onnx"));
        target = folder.resolve("fast.onnx");
    }

    private CommandLineRun run(String... more) {
        String[] arguments = new String[4 + more.length];
        arguments[0] = "onnx-optimize";
        arguments[1] = model.toString();
        arguments[2] = "--out";
        arguments[3] = target.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return CommandLineRun.of(arguments);
    }

    @Test
    void fusedOperatorsDifferencesAndAgreementAreSaid() throws IOException {
        CommandLineRun run = run();
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("Attention                    fired    1")
                .containsPattern("Softmax +1 +0 +-1")
                .containsPattern("com.microsoft.Attention +0 +1 +\\+1")
                .contains("all nodes", "answers: largest difference");
        assertThat(target).isNotEmptyFile();
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing else is left").hasSize(2);
        }
    }

    @Test
    void jsonHoldsStepsReasonsAndSignedDifferences() throws IOException {
        CommandLineRun run = run("--format", "json", "--num-heads", "4");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("difference").asText()).startsWith("-");
        assertThat(json.get("operator_differences")
                        .get("com.microsoft.BiasGelu")
                        .asText())
                .isEqualTo("+1");
        assertThat(json.get("largest_difference").asDouble()).isLessThanOrEqualTo(1e-4);
        assertThat(json.get("steps").findValuesAsText("reason")).anyMatch(reason -> reason.contains("--num-heads"));
    }

    @Test
    void wrongWordsAreAnsweredWithTheNearestKnown() {
        assertThat(run("--level", "O5").err()).contains("there is no level O5").contains("O4");
        assertThat(run("--disable-atention").err()).contains("did you mean --disable-attention?");
        assertThat(run("--model-type", "bart").err()).contains("did you mean bert?");
        assertThat(run("--level", "O4").err()).contains("--optimize-for-gpu");
        assertThat(run("--tolerance", "-1").err()).contains("--tolerance -1.0: give a number of at least 0");
        assertThat(run("--tolerance", "NaN").err()).contains("--tolerance NaN: give a number of at least 0");
        assertThat(target).doesNotExist();
    }

    @Test
    void theModelItselfIsNotReplaced() {
        CommandLineRun run = CommandLineRun.of("onnx-optimize", model.toString(), "--out", model.toString());
        assertThat(run.status()).isEqualTo(Failures.USAGE);
    }

    @Test
    void answersBeyondTheToleranceAreNotKept() {
        CommandLineRun run = run("--fp16", "--tolerance", "1e-9");
        assertThat(run.status()).isEqualTo(Failures.FAILED);
        assertThat(run.err()).contains("answers otherwise", "--no-check keeps it");
        assertThat(target).doesNotExist();
        assertThat(run("--fp16", "--no-check").status()).isZero();
        assertThat(target).exists();
    }

    @Test
    void onnxRuntimesOwnFileIsSavedOnRequest() {
        CommandLineRun run = run("--optimize-with-onnxruntime-only", "--level", "99");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("com.microsoft.FusedMatMul|LayerNormalization")
                .contains("all nodes");
        assertThat(target).isNotEmptyFile();
    }

    @Test
    void levelsAndSwitchesOfBothNamesAreTaken() {
        for (String level : new String[] {"0", "1", "2", "99", "o1", "O2", "O3"}) {
            assertThat(run("--level", level).status()).as(level).isZero();
        }
        CommandLineRun run = run("--disable-attention-fusion", "--disable-embed-layer-norm", "--disable_gelu");
        assertThat(run.status()).isZero();
        assertThat(run.out()).doesNotContain("com.microsoft.Attention", "com.microsoft.BiasGelu");
        assertThat(run.out()).contains("LayerNormalization stands in operator set 11");
    }
}
