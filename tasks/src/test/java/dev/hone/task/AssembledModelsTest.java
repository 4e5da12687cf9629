package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.Session;
import dev.hone.session.SessionOptions;
import dev.hone.session.TokenBatch;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuned models and the embedder, from text to answer, as Hugging Face transformers answered. */
@Tag("native")
final class AssembledModelsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final LoadOptions OPTIONS =
            new LoadOptions(SessionOptions.defaults().withThreads(2), Integer.MAX_VALUE);
    private static final double TOLERANCE = 1e-4;
    private static final int ROWS = 50;

    /** Margins were recorded with five decimals. */
    private static final double MARGIN_TOLERANCE = 2e-4;

    @TempDir
    private static Path models;

    /** Before each test, so that each says why it is skipped; the work is done once. */
    @BeforeEach
    void assemble() throws IOException, InterruptedException {
        Path script = Shared.require("models", "assemble.py");
        if (Files.exists(models.resolve("minilm-wnut17").resolve("vocab.txt"))) {
            return;
        }
        Process process;
        try {
            process = new ProcessBuilder("python3", script.toString(), models.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException absent) {
            Assumptions.abort(Shared.OPTIONAL + "there is no python3 to put the models together: " + absent);
            return;
        }
        assertThat(process.waitFor()).as("exit status of %s", script).isZero();
    }

    @Test
    void sentencesHaveTheRecordedLogits() throws IOException {
        assertLogits("minilm-sst2", json("golden/minilm-sst2/dev.json"));
    }

    @Test
    void pairsHaveTheRecordedLogits() throws IOException {
        assertLogits("minilm-mrpc", json("golden/minilm-mrpc/test.json"));
    }

    private static void assertLogits(String model, JsonNode golden) throws IOException {
        List<String> lines =
                Files.readAllLines(Shared.require("data", golden.path("data").textValue()));
        List<TextInput> inputs = new ArrayList<>();
        for (String line : lines.subList(0, ROWS)) {
            JsonNode row = MAPPER.readTree(line);
            inputs.add(
                    row.has("text_b")
                            ? TextInput.pair(
                                    row.path("text_a").textValue(),
                                    row.path("text_b").textValue())
                            : TextInput.of(row.path("text").textValue()));
        }
        try (RawOutputs outputs = load(model).rawOutputs()) {
            List<RawAnswer> answers = outputs.run(inputs);
            assertThat(answers).hasSize(ROWS);
            for (int row = 0; row < ROWS; row++) {
                float[] logits = answers.get(row).outputs().get("logits").values();
                assertClose(logits, golden.path("logits").path(row), model + " row " + row);
            }
        }
    }

    @Test
    void wordsHaveTheRecordedLabels() throws IOException {
        JsonNode golden = json("golden/minilm-wnut17/dev.json");
        List<List<String>> sentences = sentences(Shared.require("data", "wnut17", "dev.conll"));
        int entities = 0;
        try (TokenClassifier classifier = load("minilm-wnut17").tokenClassifier(Aggregation.NONE)) {
            for (int row = 0; row < ROWS; row++) {
                List<String> found = labels(classifier, sentences.get(row));
                List<String> expected = new ArrayList<>();
                golden.path("predictions").path(row).forEach(label -> expected.add(label.textValue()));
                assertThat(found).as("sentence %d", row).isEqualTo(expected);
                entities += (int)
                        expected.stream().filter(label -> !label.equals("O")).count();
            }
        }
        assertThat(entities).isPositive();
    }

    /** The label of the first piece of each word, the words joined by spaces. */
    private static List<String> labels(TokenClassifier classifier, List<String> words) {
        String text = String.join(" ", words);
        Map<Integer, String> byStart = new HashMap<>();
        for (Entity entity : classifier.entities(text)) {
            byStart.put(entity.start(), entity.entity());
        }
        List<String> labels = new ArrayList<>();
        int start = 0;
        for (String word : words) {
            labels.add(byStart.getOrDefault(start, "O"));
            start += word.codePointCount(0, word.length()) + 1;
        }
        return labels;
    }

    private static List<List<String>> sentences(Path file) throws IOException {
        List<List<String>> sentences = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                words.add(line.substring(0, line.indexOf('\t')));
            } else if (!words.isEmpty()) {
                sentences.add(words);
                words = new ArrayList<>();
            }
        }
        return sentences;
    }

    @Test
    void windowsHaveTheRecordedLogits() throws IOException {
        JsonNode recorded = json("golden/minilm-squad2/dev.json").path("logits");
        try (Session session = Session.open(models.resolve("minilm-squad2"), OPTIONS.session())) {
            for (JsonNode row : recorded) {
                int[] ids = MAPPER.convertValue(row.path("input_ids"), int[].class);
                Map<String, Output> answers = session.run(
                                new TokenBatch(new int[][] {ids}, new int[][] {pairTypes(ids)}))
                        .byName();
                assertClose(values(answers, "start_logits"), row.path("start"), "start of " + row.path("id"));
                assertClose(values(answers, "end_logits"), row.path("end"), "end of " + row.path("id"));
            }
        }
        assertThat(recorded.size()).isGreaterThan(10);
    }

    /** Tokens after the first separator belong to the second text. */
    private static int[] pairTypes(int[] ids) {
        int[] types = new int[ids.length];
        int separator = ids[ids.length - 1];
        for (int token = 1, type = 0; token < ids.length; token++) {
            types[token] = type;
            type = ids[token] == separator ? 1 : type;
        }
        return types;
    }

    private static float[] values(Map<String, Output> answers, String name) {
        return Objects.requireNonNull(answers.get(name), name).values();
    }

    @Test
    void questionsHaveTheRecordedAnswers() throws IOException {
        JsonNode golden = json("golden/minilm-squad2/dev.json").path("predictions");
        int answered = 0;
        try (QuestionAnswerer answerer = load("minilm-squad2").questionAnswerer()) {
            for (JsonNode paragraph : paragraphs()) {
                for (JsonNode one : paragraph.path("qas")) {
                    JsonNode expected = golden.path(one.path("id").textValue());
                    if (expected.isMissingNode() || answered == ROWS) {
                        continue;
                    }
                    Answer answer = answerer.answer(
                            one.path("question").textValue(),
                            paragraph.path("context").textValue());
                    assertThat(answer.answer())
                            .isEqualTo(expected.path("answer").textValue());
                    assertThat(answer.nullMargin())
                            .isCloseTo(expected.path("null_minus_best").doubleValue(), within(MARGIN_TOLERANCE));
                    answered++;
                }
            }
        }
        assertThat(answered).isEqualTo(ROWS);
    }

    private static List<JsonNode> paragraphs() throws IOException {
        List<JsonNode> paragraphs = new ArrayList<>();
        Path data = Shared.require("data", "squad-v2", "dev-public-v2.0.json.gz");
        try (InputStream file = Files.newInputStream(data);
                InputStream stream = new GZIPInputStream(file)) {
            for (JsonNode article : MAPPER.readTree(stream).path("data")) {
                article.path("paragraphs").forEach(paragraphs::add);
            }
        }
        return paragraphs;
    }

    @Test
    void embeddingsAreTheRecordedOnes() throws IOException {
        JsonNode cases = json("golden/minilm/embeddings.json").path("cases");
        assertThat(cases.size()).isGreaterThan(10);
        List<String> texts = new ArrayList<>();
        cases.forEach(one -> texts.add(one.path("text").textValue()));
        try (Embedder embedder = Hone.load(EmbeddedModel.directory(), OPTIONS).embedder()) {
            float[][] found = embedder.embed(texts);
            for (int row = 0; row < found.length; row++) {
                double[] expected = MAPPER.convertValue(cases.path(row).path("embedding"), double[].class);
                assertSameDirection(found[row], expected, texts.get(row));
            }
        }
    }

    private static void assertSameDirection(float[] found, double[] expected, String text) {
        assertThat(found).hasSize(expected.length);
        double dot = 0;
        double squares = 0;
        double expectedSquares = 0;
        double difference = 0;
        double largest = 0;
        for (int column = 0; column < found.length; column++) {
            dot += found[column] * expected[column];
            squares += (double) found[column] * found[column];
            expectedSquares += expected[column] * expected[column];
            difference = Math.max(difference, Math.abs(found[column] - expected[column]));
            largest = Math.max(largest, Math.abs(expected[column]));
        }
        assertThat(dot / Math.sqrt(squares * expectedSquares)).as(text).isGreaterThanOrEqualTo(0.999999);
        assertThat(difference).as(text).isLessThanOrEqualTo(1e-5 * largest);
    }

    private static void assertClose(float[] found, JsonNode expected, String what) {
        assertThat(found).as(what).hasSize(expected.size());
        for (int index = 0; index < found.length; index++) {
            assertThat((double) found[index])
                    .as("%s, value %d", what, index)
                    .isCloseTo(expected.path(index).doubleValue(), within(TOLERANCE));
        }
    }

    private static Hone load(String model) {
        return Hone.load(models.resolve(model), OPTIONS);
    }

    private static JsonNode json(String path) throws IOException {
        return MAPPER.readTree(Shared.require(path).toFile());
    }
}
