package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BertEvaluationCommandTest {
    private static final String DATA = """
            {"version": "v2.0", "data": [{"title": "t", "paragraphs": [{"context": "Hone runs on processors.",
             "qas": [{"id": "1", "question": "Where does Hone run?", "is_impossible": false,
                      "answers": [{"text": "on processors", "answer_start": 10}]},
                     {"id": "2", "question": "Who paints?", "is_impossible": true, "answers": []}]}]}]}
            """;

    @TempDir
    private Path folder;

    @Test
    void otherDevicesAreRefusedWithThoseThatExist() {
        refuses("device cuda is not one that models run on here; there is cpu", "--device", "cuda");
    }

    @Test
    void whatIsMissingIsSaid() {
        refuses("no model: the bundled one answers no questions", "--evaluate");
        refuses("unknown pass 'FastMaths': did you mean FastMath?", "--infer", "--transform", "--passes", "FastMaths");
    }

    private static void refuses(String words, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "bert-evaluation";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        CommandLineRun run = CommandLineRun.of(all);
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(words);
    }

    @Test
    void bundledModelIsTimedUnderEachTransform() throws IOException {
        String[] words = ("bert-evaluation --infer --transform --passes MergeLinears,RemoveDropout"
                        + " --composed MergeLinears,FuseBiasInLinear --runs 25 --format json")
                .split(" ");
        CommandLineRun run = CommandLineRun.of(words);
        assertThat(run.status()).as(run.err()).isZero();
        List<String> lines = run.lines();
        assertThat(lines)
                .as("three files in three engines, and a transform that fired nowhere")
                .hasSize(10);
        assertMerged(new ObjectMapper().readTree(lines.get(1)));
        JsonNode fused = new ObjectMapper().readTree(lines.get(7));
        assertThat(fused.get("engine").asText()).isEqualTo("hone");
        assertThat(fused.get("same_steps").asBoolean())
                .as("Hone fuses each file to the same kernels")
                .isTrue();
        assertThat(fused.has("gain")).isFalse();
        JsonNode idle = new ObjectMapper().readTree(lines.getLast());
        assertThat(idle.get("transform").asText()).isEqualTo("RemoveDropout");
        assertThat(idle.has("median_ms")).isFalse();
    }

    private static void assertMerged(JsonNode merged) {
        assertThat(merged.get("engine").asText()).isEqualTo("onnxruntime as written");
        assertThat(merged.get("transform").asText()).isEqualTo("MergeLinears");
        assertThat(merged.get("fired").asInt()).isEqualTo(18);
        assertThat(merged.get("median_ms").asDouble()).isPositive();
        assertThat(merged.get("gain").asDouble()).isPositive();
    }

    @Test
    void scoresStayUnderTransforms() throws IOException {
        Path model = Shared.require("golden", "tiny", "tiny-roberta-qa");
        Path data = Files.writeString(folder.resolve("squad.json"), DATA);
        CommandLineRun run = CommandLineRun.of(
                "bert-evaluation",
                "--model",
                model.toString(),
                "--transform",
                "--passes",
                "MergeLinears,FuseBiasInLinear,CombineParallelDense",
                "--data",
                data.toString(),
                "--runs",
                "1",
                "--samples",
                "1,2");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "SQuAD v2, 1 questions",
                        "SQuAD v2, 2 questions",
                        "composed",
                        "equal",
                        "the same steps as the original");
        assertThat(run.out()).doesNotContain("+-", "NaN");
    }
}
