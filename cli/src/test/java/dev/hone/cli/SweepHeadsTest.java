package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.testkit.SmallCheckpoint;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of task can be swept: each has its own rows, answers and figures. */
final class SweepHeadsTest {
    private static final int HIDDEN = 32;
    private static final List<String> VOCABULARY =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ann", "met", "bob", "in", "rome", "who");

    @TempDir
    private Path folder;

    @Test
    void tagsOfWords() throws IOException {
        SmallCheckpoint model = small("BertForTokenClassification");
        write(model, "{\"0\": \"O\", \"1\": \"B-PER\", \"2\": \"B-LOC\"}");
        Files.writeString(folder.resolve("dev.conll"), "ann B-PER\nmet O\nbob B-PER\n\nin O\nrome B-LOC\n\n".repeat(8));
        assertThat(header("ner", "dev.conll")).contains("f1", "word_accuracy", "same_answers", "speed");
    }

    @Test
    void answersToQuestions() throws IOException {
        SmallCheckpoint model = small("BertForQuestionAnswering").linear("qa_outputs", 2, HIDDEN);
        write(model, "{}");
        StringBuilder questions = new StringBuilder();
        for (int row = 0; row < 12; row++) {
            boolean answered = row % 2 == 0;
            questions.append(row == 0 ? "" : ",").append("{\"id\": \"").append(row);
            questions.append("\", \"question\": \"who\",");
            questions.append("\"is_impossible\": ").append(!answered).append(", \"answers\": [");
            questions
                    .append(answered ? "{\"text\": \"bob\", \"answer_start\": 8}" : "")
                    .append("]}");
        }
        Files.writeString(
                folder.resolve("dev.json"),
                "{\"version\": \"2\", \"data\": [{\"title\": \"t\", \"paragraphs\": [{\"context\": \"ann met bob in"
                        + " rome\", \"qas\": [" + questions + "]}]}]}");
        assertThat(header("squad2", "dev.json")).contains("exact", "HasAns_f1", "NoAns_exact", "same_answers");
    }

    @Test
    void gradesOfPairs() throws IOException {
        write(small("BertModel"), "{}");
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 12; row++) {
            rows.append("{\"text_a\": \"").append(VOCABULARY.get(5 + row % 6));
            rows.append("\", \"text_b\": \"").append(VOCABULARY.get(5 + row * row % 6));
            rows.append("\", \"score\": ").append(row % 5).append("}\n");
        }
        Files.writeString(folder.resolve("dev.jsonl"), rows);
        assertThat(header("stsb", "dev.jsonl")).contains("cosine_spearman", "rank_correlation");
    }

    private static SmallCheckpoint small(String architecture) {
        return TinyBert.classifier(HIDDEN, 2 * HIDDEN)
                .architecture(architecture)
                .set("max_position_embeddings", HIDDEN)
                .tensor("bert.embeddings.position_embeddings.weight", HIDDEN, HIDDEN);
    }

    private void write(SmallCheckpoint made, String labels) throws IOException {
        Path model = made.write(Files.createDirectory(folder.resolve("model")));
        Files.write(model.resolve("vocab.txt"), VOCABULARY);
        Path configuration = model.resolve("config.json");
        Files.writeString(
                configuration, Files.readString(configuration).replaceFirst("\\{", "{\"id2label\": " + labels + ", "));
    }

    /** The first line of the table; both settings were measured. */
    private String header(String task, String data) throws IOException {
        Path file = Files.writeString(folder.resolve("sweep.yaml"), """
                model: model
                task: %s
                data: {path: %s, samples: 10}
                repeats: 1
                effects: false
                optimize: {level: O2}
                quantize: {mode: [dynamic, static]}
                """.formatted(task, data));
        CommandLineRun run = CommandLineRun.of(
                "sweep",
                file.toString(),
                "--out",
                folder.resolve("out").toString(),
                "--threads",
                "1",
                "--sort",
                "change:desc");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err().lines().filter(line -> line.contains("times the original's speed")))
                .as(run.err())
                .hasSize(2);
        return run.lines().getFirst();
    }
}
