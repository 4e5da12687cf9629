package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.tokenize.SharedFolder;
import dev.hone.tokenize.TextTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers made from logits that Hugging Face transformers gave, where the folder {@code shared} is there. */
class RecordedAnswersTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path SHARED = SharedFolder.path();

    @BeforeEach
    void needsTheFolder() {
        assumeTrue(Files.isDirectory(SHARED), SharedFolder::absent);
    }

    @Test
    void answersQuestionsAsRecorded() throws IOException {
        JsonNode golden = json("golden/minilm-squad2/dev.json");
        Map<String, Question> questions = questions();
        var byIds = new HashMap<List<Integer>, JsonNode>();
        golden.path("logits").forEach(row -> byIds.put(ints(row.path("input_ids")), row));
        var encoder = new FakeEncoder(512)
                .perToken("start_logits", ids -> column(row(byIds, ids).path("start")))
                .perToken("end_logits", ids -> column(row(byIds, ids).path("end")));
        int answered = 0;
        try (var answerer = hone(encoder, "minilm-squad2").questionAnswerer()) {
            for (JsonNode row : golden.path("logits")) {
                String id = row.path("id").textValue();
                Question question = Objects.requireNonNull(questions.get(id));
                Answer answer = answerer.answer(question.question(), question.context());
                JsonNode expected = golden.path("predictions").path(id);
                assertThat(answer.answer())
                        .as(id)
                        .isEqualTo(expected.path("answer").textValue());
                assertThat(answer.nullMargin())
                        .isCloseTo(expected.path("null_minus_best").doubleValue(), within(2e-5));
                answered++;
            }
        }
        assertThat(answered).isEqualTo(golden.path("logits").size()).isGreaterThan(10);
    }

    @Test
    void labelsSentencesAndPairsAsRecorded() throws IOException {
        assertThat(correct("minilm-sst2", "golden/minilm-sst2/dev.json")).isGreaterThan(100);
        assertThat(correct("minilm-mrpc", "golden/minilm-mrpc/test.json")).isGreaterThan(100);
    }

    /** Counts right labels, which must be as many as the recorded accuracy says. */
    private static int correct(String model, String recorded) throws IOException {
        JsonNode golden = json(recorded);
        List<String> lines = Files.readAllLines(
                SHARED.resolve("data").resolve(golden.path("data").textValue()));
        var logitsByIds = new HashMap<List<Integer>, JsonNode>();
        var inputs = new ArrayList<TextInput>();
        var expected = new ArrayList<Integer>();
        try (var tokenizer = TextTokenizer.open(SHARED.resolve("models/tokenizer"))) {
            for (int index = 0; index < lines.size(); index++) {
                JsonNode row = MAPPER.readTree(lines.get(index));
                assertThat(row.path("id").textValue())
                        .isEqualTo(golden.path("ids").path(index).textValue());
                TextInput input = row.has("text_b")
                        ? TextInput.pair(
                                row.path("text_a").textValue(),
                                row.path("text_b").textValue())
                        : TextInput.of(row.path("text").textValue());
                String second = input.second();
                var encoding = second == null
                        ? tokenizer.encode(input.text(), 512)
                        : tokenizer.encode(input.text(), second, 512);
                logitsByIds.put(
                        Arrays.stream(encoding.ids()).boxed().toList(),
                        golden.path("logits").path(index));
                inputs.add(input);
                expected.add(row.path("label").intValue());
            }
        }
        var encoder = new FakeEncoder(512).perSequence("logits", ids -> floats(row(logitsByIds, ids)));
        int correct = 0;
        try (var classifier = hone(encoder, model).classifier()) {
            List<String> labels = TaskConfiguration.read(
                            SHARED.resolve("models").resolve(model))
                    .labels();
            List<Classification> answers = classifier.classifyInputs(inputs);
            for (int index = 0; index < inputs.size(); index++) {
                correct += answers.get(index).best().label().equals(labels.get(expected.get(index))) ? 1 : 0;
            }
        }
        assertThat((double) correct / inputs.size())
                .isCloseTo(golden.path("metrics").path("accuracy").doubleValue(), within(1e-9));
        return correct;
    }

    private static Hone hone(FakeEncoder encoder, String model) {
        return Hone.of(
                encoder,
                TextTokenizer.open(SHARED.resolve("models/tokenizer")),
                TaskConfiguration.read(SHARED.resolve("models").resolve(model)));
    }

    private static Map<String, Question> questions() throws IOException {
        var questions = new HashMap<String, Question>();
        try (InputStream file = Files.newInputStream(SHARED.resolve("data/squad-v2/dev-public-v2.0.json.gz"));
                var stream = new GZIPInputStream(file)) {
            for (JsonNode article : MAPPER.readTree(stream).path("data")) {
                for (JsonNode paragraph : article.path("paragraphs")) {
                    String context = paragraph.path("context").textValue();
                    paragraph
                            .path("qas")
                            .forEach(one -> questions.put(
                                    one.path("id").textValue(),
                                    new Question(one.path("question").textValue(), context)));
                }
            }
        }
        return questions;
    }

    private static JsonNode json(String path) throws IOException {
        return MAPPER.readTree(SHARED.resolve(path).toFile());
    }

    private static JsonNode row(Map<List<Integer>, JsonNode> rows, int[] ids) {
        return Objects.requireNonNull(
                rows.get(Arrays.stream(ids).boxed().toList()), "these token ids are not among the recorded ones");
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int index = 0; index < values.length; index++) {
            values[index] = array.get(index).floatValue();
        }
        return values;
    }

    private static float[][] column(JsonNode array) {
        float[] values = floats(array);
        float[][] column = new float[values.length][];
        for (int index = 0; index < values.length; index++) {
            column[index] = new float[] {values[index]};
        }
        return column;
    }

    private static List<Integer> ints(JsonNode array) {
        var values = new ArrayList<Integer>();
        array.forEach(value -> values.add(value.intValue()));
        return values;
    }
}
