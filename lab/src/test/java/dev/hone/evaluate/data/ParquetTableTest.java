package dev.hone.evaluate.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.evaluate.data.Example.Asked;
import dev.hone.evaluate.data.Example.Labelled;
import dev.hone.evaluate.data.Example.Tagged;
import dev.hone.task.TextInput;
import dev.hone.testkit.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of Apache Arrow's writer: 60 rows in groups of 25, with pages of both versions. */
final class ParquetTableTest {
    private static final int ROWS = 60;
    private static final Columns CONTENT = Columns.parse(List.of("text=content"));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "zstd", "gzip", "lz4"})
    void readsWhatOthersWrite(String packing) throws IOException {
        List<Example> rows = read(copy("reviews-" + packing + ".parquet"), CONTENT);
        assertThat(rows).hasSize(ROWS);
        for (int row = 0; row < ROWS; row++) {
            String text = "Text " + row + ": a grün café, " + "x".repeat(row % 7);
            assertThat(rows.get(row)).isInstanceOfSatisfying(Labelled.class, labelled -> {
                assertThat(labelled.input()).isEqualTo(TextInput.of(text));
                assertThat(labelled.place()).contains("reviews-" + packing + ".parquet:");
            });
            assertThat(((Labelled) rows.get(row)).label()).isEqualTo(Integer.toString(row % 2));
        }
    }

    @Test
    void filesOfAPartThatWasCutAreReadOneAfterTheOther() throws IOException {
        Path first = copy("reviews-snappy.parquet");
        Path second = copy("reviews-gzip.parquet");
        Path data = Files.createDirectory(folder.resolve("cut"));
        Files.move(second, data.resolve("test-00001-of-00002.parquet"));
        Files.move(first, data.resolve("test-00000-of-00002.parquet"));
        DataFile file = DataSets.find(data, DataTask.CLASSIFICATION);
        try (Rows rows = DataSets.open(file, DataTask.CLASSIFICATION, CONTENT)) {
            List<Example> all = new ArrayList<>();
            for (Example row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
            assertThat(all).hasSize(2 * ROWS).doesNotHaveDuplicates();
            assertThat(all.getLast().input()).isEqualTo(all.get(ROWS - 1).input());
            assertThat(all.getLast())
                    .isInstanceOfSatisfying(
                            Labelled.class,
                            row -> assertThat(row.place()).endsWith("test-*-of-00002.parquet:" + 2 * ROWS));
        }
        Files.delete(data.resolve("test-00000-of-00002.parquet"));
        assertThatThrownBy(() -> DataSets.find(data, DataTask.CLASSIFICATION))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("only 1");
    }

    @Test
    void readsTagsByTheNamesInTheMetadata() throws IOException {
        assertThat(read(copy("tokens.parquet"), DataTask.NER, Columns.parse(List.of())))
                .containsExactly(
                        new Tagged("0", List.of("EU", "rejects", "German"), List.of("B-ORG", "O", "B-MISC")),
                        new Tagged("1", List.of("Peter"), List.of("B-PER")));
    }

    @Test
    void readsQuestions() throws IOException {
        assertThat(read(copy("questions.parquet"), DataTask.SQUAD2, Columns.parse(List.of())))
                .extracting(row -> ((Asked) row).answers())
                .containsExactly(List.of("fox", "The fox"), List.of("never"), List.of());
    }

    @Test
    void leavesOutWhatIsNull() throws IOException {
        try (Table table = new ParquetTable(new DataFile(copy("reviews-snappy.parquet")))) {
            assertThat(Objects.requireNonNull(table.next()).byName())
                    .containsOnlyKeys("content", "label", "weight")
                    .containsEntry("weight", "0.0");
            assertThat(Objects.requireNonNull(table.next()).byName())
                    .containsEntry("title", "T1")
                    .containsEntry("weight", "0.125");
        }
    }

    @Test
    void saysWhichColumnsThereAre() throws IOException {
        Path file = copy("reviews-none.parquet");
        assertThatThrownBy(() -> read(file, Columns.parse(List.of("text=body"))))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("reviews-none.parquet:1: no column 'body' among [content, label, weight]")
                .hasMessageContaining("--column text=NAME");
    }

    @Test
    void refusesAPackingThatIsNotRead() throws IOException {
        Path file = copy("reviews-brotli.parquet");
        assertThatThrownBy(() -> read(file, CONTENT))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("packed by BROTLI")
                .hasMessageContaining("write the file with snappy");
    }

    @Test
    void refusesAFileThatWasCutOff() throws IOException {
        byte[] whole = bytes("reviews-snappy.parquet");
        for (int length = 0; length < whole.length; length += 97) {
            Path file = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(file, CONTENT))
                    .as("%d bytes of %d", length, whole.length)
                    .isInstanceOf(HoneException.class)
                    .hasMessageContaining("cut.parquet: broken Parquet")
                    .hasMessageContaining("check that the file is complete");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "zstd", "gzip", "lz4"})
    void damageEndsInOurWordsOrInRows(String packing) throws IOException {
        byte[] whole = bytes("reviews-" + packing + ".parquet");
        Fuzz.rounds(40).run(round -> {
            byte[] damaged = whole.clone();
            for (int hit = 0; hit < 3; hit++) {
                damaged[round.between(0, damaged.length - 1)] = (byte) round.between(0, 255);
            }
            Path file = Files.write(folder.resolve("damaged.parquet"), damaged);
            try {
                assertThat(read(file, CONTENT)).isNotNull();
            } catch (HoneException refused) {
                assertThat(refused).hasMessageContaining("damaged.parquet");
            }
        });
    }

    private Path copy(String name) throws IOException {
        return Files.write(folder.resolve(name), bytes(name));
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(ParquetTableTest.class.getResourceAsStream(name), name)) {
            return stream.readAllBytes();
        }
    }

    private static List<Example> read(Path file, Columns columns) {
        return read(file, DataTask.CLASSIFICATION, columns);
    }

    private static List<Example> read(Path file, DataTask task, Columns columns) {
        try (Rows rows = DataSets.open(new DataFile(file), task, columns)) {
            List<Example> all = new ArrayList<>();
            for (Example row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
            return all;
        }
    }
}
