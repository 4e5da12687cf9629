package dev.hone.evaluate.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.evaluate.data.Example.Asked;
import dev.hone.evaluate.data.Example.Graded;
import dev.hone.evaluate.data.Example.Labelled;
import dev.hone.evaluate.data.Example.Tagged;
import dev.hone.task.TextInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DataSetsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SST2 | sentence~label^it \"works~1 | it \"works | | 1",
                "MRPC | Quality~#1 ID~#2 ID~#1 String~#2 String^1~7~8~He said \"no~She said no"
                        + " | He said \"no | She said no | 1",
                "RTE  | index~sentence1~sentence2~label^0~A~B~not_entailment | A | B | not_entailment",
                "QNLI | index~question~sentence~label^0~Who?~He.~entailment | Who? | He. | entailment",
                "QQP  | id~qid1~qid2~question1~question2~is_duplicate^4~1~2~A?~B?~0 | A? | B? | 0",
                "MNLI | index~genre~sentence1~sentence2~label1~gold_label^0~g~A~B~neutral~neutral"
                        + " | A | B | neutral"
            })
    void readsTheTablesOfGlue(String task, String content, String text, String second, String label)
            throws IOException {
        Path file = write("dev.tsv", "\uFEFF" + content.replace('~', '\t').replace('^', '\n') + "\n");
        assertThat(read(file, DataTask.valueOf(task)))
                .singleElement()
                .isInstanceOfSatisfying(Labelled.class, labelled -> {
                    assertThat(labelled.input()).isEqualTo(new TextInput(text, second));
                    assertThat(labelled.label()).isEqualTo(label);
                    assertThat(labelled.place()).endsWith("dev.tsv:2");
                });
    }

    @Test
    void readsColaWithoutAHeader() throws IOException {
        Path file = write("dev.tsv", "gj04\t1\t\tThe sailors rode.\ngj04\t0\t*\tSailors the.\n");
        assertThat(read(file, DataTask.COLA))
                .extracting(row -> ((Labelled) row).label())
                .containsExactly("1", "0");
    }

    @Test
    void readsGrades() throws IOException {
        Path file = write("dev.tsv", "index\tgenre\tsentence1\tsentence2\tscore\n0\tnews\tA man.\tA boy.\t2.500\n");
        assertThat(read(file, DataTask.STSB)).containsExactly(new Graded("0", TextInput.pair("A man.", "A boy."), 2.5));
    }

    @Test
    void readsJsonLinesPackedToo() throws IOException {
        String lines = "{\"id\": \"a\", \"text\": \"x\", \"label\": 1}\n\n{\"text\": \"y\", \"label\": \"POS\"}\n";
        Path file = folder.resolve("test.jsonl.gz");
        try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(file))) {
            stream.write(lines.getBytes(StandardCharsets.UTF_8));
        }
        List<Example> rows = read(file, DataTask.SST2);
        assertThat(rows).extracting(Example::id).containsExactly("a", "1");
        assertThat(rows).extracting(row -> ((Labelled) row).label()).containsExactly("1", "POS");
    }

    @Test
    void readsCommasWithOtherColumns() throws IOException {
        Path file = write("reviews.csv", "stars,title,content\n1,\"a, b\",\"two\nlines \"\"quoted\"\"\"\n0,c,d\n");
        Columns columns = Columns.parse(List.of("text=content", "label=stars"));
        try (Rows rows = DataSets.open(new DataFile(file), DataTask.CLASSIFICATION, columns)) {
            List<Example> read = all(rows);
            assertThat(read)
                    .extracting(row -> ((Labelled) row).input())
                    .containsExactly(TextInput.of("two\nlines \"quoted\""), TextInput.of("d"));
            assertThat(read.getFirst()).asString().contains("reviews.csv:2");
            assertThat(read.getLast()).asString().contains("reviews.csv:4");
        }
    }

    @Test
    void readsSentencesOfWords() throws IOException {
        Path file = write("x.conll", "-DOCSTART- O\n\nEU NNP B-ORG\nrejects VBZ O\n\n\nNew York\tB-LOC\n");
        assertThat(read(file, DataTask.NER))
                .containsExactly(
                        new Tagged("0", List.of("EU", "rejects"), List.of("B-ORG", "O")),
                        new Tagged("1", List.of("New York"), List.of("B-LOC")));
    }

    @Test
    void readsQuestionsAndSaysWhatNoModelCanFind() throws IOException {
        Path file = write("dev.json", """
                {"version": "x", "data": [{"title": "t", "paragraphs": [{"context": "The fox.", "qas": [
                 {"id": "1", "question": "Who?", "answers": [{"text": "fox", "answer_start": 4}]},
                 {"id": "2", "question": "When?", "answers": [{"text": "never", "answer_start": 0}]},
                 {"id": "3", "question": "Why?", "is_impossible": true, "answers": []}]}]}]}
                """);
        try (Rows rows = DataSets.open(new DataFile(file), DataTask.SQUAD2, Columns.parse(List.of()))) {
            assertThat(all(rows))
                    .extracting(row -> ((Asked) row).answers())
                    .containsExactly(List.of("fox"), List.of("never"), List.of());
            assertThat(rows.notes()).singleElement().asString().contains("1 accepted answers");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SST2 | a.jsonl | {\"text\": \"x\"} | a.jsonl:1 | no column 'label'",
                "SST2 | a.jsonl | {\"text\": \"x\", \"label\": 1}~{\"text\": | a.jsonl:2 | broken JSON at column",
                "SST2 | a.jsonl | [1] | a.jsonl:1 | an object was expected",
                "SST2 | a.tsv | sentence#label~x | a.tsv:2 | 1 fields, but the header has 2",
                "SST2 | a.tsv | sentence#label~x#1#y | a.tsv:2 | 3 fields",
                "STSB | a.tsv | sentence1#sentence2#score~x#y#high | a.tsv:2 | score 'high' is not a number",
                "STSB | a.tsv | sentence1#sentence2#score~x#y#NaN | a.tsv:2 | not finite",
                "NER  | a.conll | EU | a.conll:1 | no tag behind the word 'EU'",
                "SQUAD | a.json | {\"data\": [{]} | a.json:1 | broken JSON at column",
                "SQUAD | a.json | {\"data\": 1} | a.json:1 | no list \"data\"",
                "SQUAD | a.json | {\"data\": [{\"paragraphs\": [{}]}]} | a.json:1 | no text \"context\"",
                "SQUAD | a.json | {\"data\": [ | a.json:2 | broken JSON",
                "SST2 | a.parquet | x | a.parquet | broken Parquet",
                "NER  | a.tsv | x | a.tsv | no format for ner",
                "SST2 | a.parquet.gz | x | a.parquet.gz | Parquet is not read from .gz",
                "SST2 | a.csv | text,label~x | a.csv:2 | broken CSV"
            })
    void saysWhereAFileIsWrong(String task, String name, String content, String place, String what) throws IOException {
        Path file = write(name, content.replace('~', '\n').replace('#', '\t') + "\n");
        assertThatThrownBy(() -> read(file, DataTask.valueOf(task)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(what == null ? "" : what);
    }

    @Test
    void refusesBytesThatAreNotText() throws IOException {
        Path file = folder.resolve("a.jsonl");
        Files.write(file, new byte[] {'{', (byte) 0xE9, '}'});
        assertThatThrownBy(() -> read(file, DataTask.SST2))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("a.jsonl:1")
                .hasMessageContaining("UTF-8");
    }

    @Test
    void choosesThePartOfADirectory() throws IOException {
        write("train.jsonl", "");
        write("README.md", "");
        write("dev.jsonl", "");
        assertThat(DataSets.find(folder, DataTask.SST2).path()).hasFileName("dev.jsonl");
        write("test.tsv", "");
        assertThat(DataSets.find(folder, DataTask.SST2).path()).hasFileName("dev.jsonl");
        write("test.jsonl", "");
        assertThat(DataSets.find(folder, DataTask.SST2).path()).hasFileName("test.jsonl");
        write("test2.jsonl", "");
        assertThatThrownBy(() -> DataSets.find(folder, DataTask.SST2)).hasMessageContaining("several files fit");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> DataSets.find(empty, DataTask.SQUAD)).hasMessageContaining("no file for squad");
        assertThatThrownBy(() -> DataSets.find(folder.resolve("x"), DataTask.SQUAD))
                .hasMessageContaining("no such");
    }

    @Test
    void drawsTheSameRowsAndSmallerSamplesFromLargerOnes() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < 500; row++) {
            lines.append("{\"text\": \"x\", \"label\": 1, \"id\": \"")
                    .append(row)
                    .append("\"}\n");
        }
        Path file = write("a.jsonl", lines.toString());
        List<String> ten = drawn(file, 10, 1);
        assertThat(ten).hasSize(10).doesNotHaveDuplicates().isEqualTo(drawn(file, 10, 1));
        assertThat(drawn(file, 100, 1)).hasSize(100).startsWith(ten.toArray(String[]::new));
        assertThat(drawn(file, 10, 2)).isNotEqualTo(ten);
        assertThat(drawn(file, 1000, 1)).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void knowsTasksAndColumnsByName() {
        assertThat(DataTask.parse("SST-2")).isEqualTo(DataTask.SST2);
        assertThat(DataTask.parse("wnut17")).isEqualTo(DataTask.NER);
        assertThat(DataTask.parse("squad_v2")).isEqualTo(DataTask.SQUAD2);
        assertThatThrownBy(() -> DataTask.parse("sst3")).hasMessageContaining("unknown task 'sst3'");
        assertThatThrownBy(() -> Columns.parse(List.of("content"))).hasMessageContaining("ROLE=NAME");
        assertThatThrownBy(() -> Columns.parse(List.of("sizes=content"))).hasMessageContaining("ROLE=NAME");
    }

    private List<String> drawn(Path file, int size, long seed) {
        try (Rows rows = DataSets.open(new DataFile(file), DataTask.SST2, Columns.parse(List.of()))) {
            return Sampling.draw(rows, size, seed).stream().map(Example::id).toList();
        }
    }

    private List<Example> read(Path file, DataTask task) {
        try (Rows rows = DataSets.open(new DataFile(file), task, Columns.parse(List.of()))) {
            return all(rows);
        }
    }

    private static List<Example> all(Rows rows) {
        List<Example> all = new ArrayList<>();
        for (Example row = rows.next(); row != null; row = rows.next()) {
            all.add(row);
        }
        return all;
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
