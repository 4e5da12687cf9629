package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.testkit.Shared;
import dev.hone.tokenize.TextTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Answers made from logits that Hugging Face transformers gave, where the folder {@code shared} is there. */
class RecordedAnswersTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

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

    /** A row of a dataset with the logits that were recorded for it. */
    private record Row(TextInput input, int label, JsonNode logits) {
        static Row of(JsonNode row, JsonNode logits) {
            TextInput input = row.has("text_b")
                    ? TextInput.pair(
                            row.path("text_a").textValue(), row.path("text_b").textValue())
                    : TextInput.of(row.path("text").textValue());
            return new Row(input, row.path("label").intValue(), logits);
        }

        List<Integer> ids(TextTokenizer tokenizer) {
            String second = input.second();
            var encoding =
                    second == null ? tokenizer.encode(input.text(), 512) : tokenizer.encode(input.text(), second, 512);
            return Arrays.stream(encoding.ids()).boxed().toList();
        }
    }

    /** Counts right labels, which must be as many as the recorded accuracy says. */
    private static int correct(String model, String recorded) throws IOException {
        JsonNode golden = json(recorded);
        List<Row> rows = rows(golden);
        var logitsByIds = new HashMap<List<Integer>, JsonNode>();
        try (var tokenizer = TextTokenizer.open(Shared.require("models/tokenizer"))) {
            rows.forEach(row -> logitsByIds.put(row.ids(tokenizer), row.logits()));
        }
        var encoder = new FakeEncoder(512).perSequence("logits", ids -> floats(row(logitsByIds, ids)));
        int correct = 0;
        try (var classifier = hone(encoder, model).classifier()) {
            List<String> labels =
                    TaskConfiguration.read(Shared.require("models", model)).labels();
            List<Classification> answers =
                    classifier.classifyInputs(rows.stream().map(Row::input).toList());
            for (int index = 0; index < rows.size(); index++) {
                String expected = labels.get(rows.get(index).label());
                correct += answers.get(index).best().label().equals(expected) ? 1 : 0;
            }
        }
        assertThat((double) correct / rows.size())
                .isCloseTo(golden.path("metrics").path("accuracy").doubleValue(), within(1e-9));
        return correct;
    }

    private static List<Row> rows(JsonNode golden) throws IOException {
        List<String> lines =
                Files.readAllLines(Shared.require("data", golden.path("data").textValue()));
        var rows = new ArrayList<Row>();
        for (int index = 0; index < lines.size(); index++) {
            JsonNode row = MAPPER.readTree(lines.get(index));
            assertThat(row.path("id").textValue())
                    .isEqualTo(golden.path("ids").path(index).textValue());
            rows.add(Row.of(row, golden.path("logits").path(index)));
        }
        return rows;
    }

    private static Hone hone(FakeEncoder encoder, String model) {
        return Hone.of(
                encoder,
                TextTokenizer.open(Shared.require("models/tokenizer")),
                TaskConfiguration.read(Shared.require("models", model)));
    }

    private static Map<String, Question> questions() throws IOException {
        var questions = new HashMap<String, Question>();
        try (InputStream file = Files.newInputStream(Shared.require("data/squad-v2/dev-public-v2.0.json.gz"));
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
        return MAPPER.readTree(Shared.require(path).toFile());
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
