package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.engines.TinyOnnx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InferCommandTest {
    private static final String WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] red green blue";
    private static final int CLS = 2;
    private static final int SEP = 3;
    private static final int RED = 5;
    private static final int BLUE = 7;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeModel() throws IOException {
        TinyOnnx.write(folder.resolve("model.onnx"), false);
        Files.writeString(
                folder.resolve("config.json"),
                "{\"vocab_size\": " + TinyOnnx.VOCABULARY
                        + ", \"max_position_embeddings\": 64, \"model_type\": \"bert\"}");
        Files.write(folder.resolve("vocab.txt"), List.of(WORDS.split(" ", -1)));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"BertTokenizer\"}");
    }

    @Test
    void embeddingsAreMeansOfLengthOne() throws IOException {
        CommandLineRun run = infer("red", "blue red", "--task", "embedding", "--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(2);
        JsonNode first = json(run.lines().getFirst());
        assertThat(first.get("text").asText()).isEqualTo("red");
        assertThat(first.get("embedding")).hasSize(TinyOnnx.HIDDEN);
        float mean = (CLS + RED + SEP) / 3f;
        double squares = 0;
        for (int column = 0; column < TinyOnnx.HIDDEN; column++) {
            squares += Math.pow(mean + column / 8f, 2);
        }
        assertThat(first.get("embedding").get(0).floatValue()).isEqualTo((float) (mean / Math.sqrt(squares)));
    }

    @Test
    void outputsAreShownAsTheyAre() throws IOException {
        CommandLineRun run = infer("blue red", "--task", "text-classification", "--logits", "--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode answer = json(run.lines().getFirst());
        assertThat(answer.get("labels")).hasSize(TinyOnnx.HIDDEN);
        assertThat(answer.get("labels").get(0).get("score").asDouble())
                .isGreaterThanOrEqualTo(answer.get("labels").get(1).get("score").asDouble());
        assertThat(answer.get("input_ids").toString()).isEqualTo("[2,7,5,3]");
        assertThat(answer.get("logits").get(0).floatValue()).isEqualTo((float) CLS + BLUE + RED + SEP);
        assertThat(answer.get("last_hidden_state")).hasSize(4);
        assertThat(answer.get("last_hidden_state").get(1)).hasSize(TinyOnnx.HIDDEN);
        assertThat(answer.get("start_logits")).hasSize(4);
        assertThat(answer.get("start_logits").get(0).isNumber()).isTrue();
    }

    @Test
    void pairsAreClassifiedTogether() throws IOException {
        CommandLineRun run =
                infer("red", "--pair", "blue", "--task", "text-classification", "--logits", "--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(json(run.lines().getFirst()).get("input_ids").toString()).isEqualTo("[2,5,3,7,3]");
        assertThat(json(run.lines().getFirst()).get("pair").asText()).isEqualTo("blue");
    }

    @Test
    void filesGiveATextALine() throws IOException {
        Path texts = folder.resolve("texts.txt");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add(i % 2 == 0 ? "red" : "blue green");
        }
        Files.write(texts, lines);
        CommandLineRun run = infer("--input", texts.toString(), "--task", "embedding", "--format", "json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(300);
        assertThat(json(run.lines().getLast()).get("text").asText()).isEqualTo("blue green");
        assertThat(run.lines().get(257).replace("257", "1"))
                .isEqualTo(run.lines().get(1));
    }

    @Test
    void emptyTextsAndStrangeCharactersAreAnswered() {
        String longText = "red ".repeat(25_000);
        CommandLineRun run = infer("", "\ud800 lone", "a\0b", longText, "--task", "embedding");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(4).allSatisfy(line -> assertThat(line).contains("4 values"));
    }

    @ParameterizedTest
    @CsvSource({
        "--task question-answering red,2,no output end_logits",
        "--task fill-mask red,2,cannot be used for filling masks",
        "--task sumarization red,2,unknown task",
        "--task fil-mask red,2,did you mean fill-mask?",
        "--task embedding red --pair blue,2,single texts",
        "--task embedding red --context blue,2,add --question",
        "--task embedding red --engine torch,2,use one of",
        "--task embedding red --precision int3,2,unknown precision 'int3'",
        "--task embedding red --precision int8,1,runs models in f32 only",
        "--task embedding red --top 0,2,at least 1",
        "--task embedding,2,no text",
        "--task embedding --input missing.txt,1,missing.txt: no such file",
    })
    void wrongUseIsOneClearLine(String line, int status, String part) {
        CommandLineRun run = infer(line.split(" ", -1));
        assertThat(run.err()).startsWith("hone: ").contains(part);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void filesThatAreNotTextAreRefused() throws IOException {
        Path texts = folder.resolve("latin1.txt");
        Files.write(texts, "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        CommandLineRun run = infer("--input", texts.toString(), "--task", "embedding");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("not UTF-8");
    }

    @Test
    void pathsThatDoNotExistAreNotTakenForTexts() {
        CommandLineRun run = CommandLineRun.of("infer", "./no-such-model", "red", "--engine", "onnxruntime");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .contains("no-such-model: no such file or directory")
                .hasLineCount(1);
    }

    private CommandLineRun infer(String... words) {
        List<String> arguments = new ArrayList<>(List.of("infer", folder.toString()));
        arguments.addAll(List.of(words));
        if (!arguments.contains("--engine")) {
            arguments.addAll(List.of("--engine", "onnxruntime"));
        }
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    private static JsonNode json(String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }
}
