package dev.hone.evaluate.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each message says the file, the line and what to do. */
final class BadDataTest {
    @TempDir
    private Path folder;

    @Test
    void brokenJsonFarDown() throws IOException {
        String good = "{\"text\": \"fine\", \"label\": 1}\n";
        Path file = write("a.jsonl", good.repeat(70_000) + "{\"text\": \"cut\n" + good);
        assertThatThrownBy(() -> count(file, DataTask.SST2))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("a.jsonl:70001: broken JSON at column")
                .hasMessageContaining("each line must be one JSON object");
    }

    @ParameterizedTest
    @CsvSource({"a.jsonl, SST2", "a.tsv, SST2", "a.conll, NER"})
    void anEmptyFileHasNoRow(String name, DataTask task) throws IOException {
        assertThat(count(write(name, ""), task)).isZero();
    }

    @Test
    void emptyFilesThatCannotBe() throws IOException {
        Path squad = write("a.json", "");
        assertThatThrownBy(() -> count(squad, DataTask.SQUAD))
                .hasMessageContaining("a.json:1: no list \"data\"")
                .hasMessageContaining("give a file of SQuAD");
        Path comma = write("a.csv", "");
        assertThatThrownBy(() -> count(comma, DataTask.SST2)).hasMessageContaining("a.csv:1: broken CSV: Empty header");
        Path parquet = write("a.parquet", "");
        assertThatThrownBy(() -> count(parquet, DataTask.SST2))
                .hasMessageContaining("a.parquet: broken Parquet: it is not a Parquet file")
                .hasMessageContaining("check that the file is complete");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.jsonl | SST2 | {\"text\": \"gr\u00fcn\", \"label\": 1}",
                "a.tsv | SST2 | sentence\tlabel~gr\u00fcn\t1",
                "a.csv | SST2 | sentence,label~gr\u00fcn,1",
                "a.conll | NER | gr\u00fcn O",
                "a.json | SQUAD | {\"data\": [{\"paragraphs\": [{\"context\": \"gr\u00fcn\", \"qas\": []}]}]}"
            })
    void anotherEncoding(String name, DataTask task, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, (content.replace('~', '\n') + "\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> count(file, task))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(name + ":1: not UTF-8")
                .hasMessageContaining("convert the file to UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SQUAD | {\"question\": \"Who?\"} | no column 'context' among [question]; name it with --column",
                "SQUAD | {\"question\": \"Who?\", \"context\": \"x\"} | no column 'answers' among [question, context]",
                "NER | {\"tokens\": [\"a\", \"b\"], \"tags\": [\"O\"]} | 2 words with 1 tags; each word needs one",
                "NER | {\"tokens\": [\"a\"], \"tags\": [3]} | tag 3 is a number without a name; write tags by name",
                "NER | {\"tokens\": [\"a\"]} | no column 'tags' among [tokens]; name it with --column tags=NAME",
                "SST2 | {\"body\": \"a\"} | no column 'text' among [body]; name it with --column text=NAME",
                "MRPC | {\"text\": \"a\", \"label\": 1} | no column 'text_b' among [text, label]",
                "STSB | {\"text_a\": \"a\", \"text_b\": \"b\"} | no column 'score' among [text_a, text_b]"
            })
    void columnsThatAreMissing(DataTask task, String line, String what) throws IOException {
        Path file = write("a.jsonl", line + "\n");
        assertThatThrownBy(() -> count(file, task))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("a.jsonl:1: " + what);
    }

    @Test
    void answersThatAreNotInTheContextAreTold() throws IOException {
        Path file = write("a.jsonl", """
                {"id": "q1", "question": "Who?", "context": "The fox.", "answers": {"text": ["fox"]}}
                {"id": "q2", "question": "When?", "context": "The fox.", "answers": ["never"]}
                """);
        try (Rows rows = DataSets.open(new DataFile(file), DataTask.SQUAD, Columns.parse(List.of()))) {
            assertThat(rows.next()).isNotNull();
            assertThat(rows.next()).isNotNull();
            assertThat(rows.notes())
                    .singleElement()
                    .asString()
                    .contains("1 accepted answers do not stand in their context")
                    .contains("question q2 (" + file + ":2): 'never'")
                    .contains("correct the data");
        }
    }

    private static int count(Path file, DataTask task) {
        try (Rows rows = DataSets.open(new DataFile(file), task, Columns.parse(List.of()))) {
            int count = 0;
            while (rows.next() != null) {
                count++;
            }
            return count;
        }
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
