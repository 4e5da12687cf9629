package dev.hone.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.evaluate.data.Columns;
import dev.hone.evaluate.data.DataSets;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Example.Labelled;
import dev.hone.task.TextInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchRowsTest {
    @TempDir
    private Path folder;

    @Test
    void eachRowIsOnOneSideAndEqualTextsOnTheSame() {
        List<Example> rows = new ArrayList<>();
        for (int index = 0; index < 500; index++) {
            rows.add(row("r" + index, "text " + index % 400));
        }
        SearchRows split = SearchRows.split("rows", rows, 1000, 3);
        assertThat(split.search().size() + split.heldOut().size()).isEqualTo(500);
        assertThat(split.search().size()).isBetween(300, 302);
        Set<String> search = texts(split.search());
        assertThat(texts(split.heldOut())).doesNotContainAnyElementsOf(search);
    }

    @Test
    void theSameSeedSplitsAlikeAndAnotherOtherwise() {
        List<Example> rows = IntStream.range(0, 100)
                .mapToObj(index -> row("r" + index, "text " + index))
                .toList();
        SearchRows first = SearchRows.split("rows", rows, 80, 3);
        assertThat(SearchRows.split("rows", rows.reversed(), 80, 3)).isEqualTo(first);
        assertThat(SearchRows.split("rows", rows, 80, 4).checksum()).isNotEqualTo(first.checksum());
        assertThat(first.search()).hasSize(48);
        assertThat(first.heldOut()).hasSize(32);
        assertThat(first.checksum()).hasSize(16);
    }

    @Test
    void aDirectoryGivesAllItsLabelledPartsButTraining() throws IOException {
        for (String part : List.of("dev", "test", "train")) {
            StringBuilder lines = new StringBuilder();
            for (int index = 0; index < 30; index++) {
                lines.append("{\"text\": \"")
                        .append(part)
                        .append(' ')
                        .append(index)
                        .append("\", \"label\": 1}\n");
            }
            Files.writeString(folder.resolve(part + ".jsonl"), lines);
        }
        Files.writeString(folder.resolve("README.md"), "about");
        SearchRows rows = SearchRows.draw(
                DataSets.findAll(folder, DataTask.SST2), DataTask.SST2, Columns.parse(List.of()), 1000, 1);
        assertThat(rows.source())
                .contains("dev.jsonl (30 rows)", "test.jsonl (30 rows)")
                .doesNotContain("train");
        assertThat(texts(rows.search())).noneMatch(text -> text.startsWith("train"));
        assertThat(rows.search().size() + rows.heldOut().size()).isEqualTo(60);
    }

    @Test
    void tooFewRowsAreRefused() {
        assertThatThrownBy(() -> SearchRows.split("few.jsonl", List.of(row("a", "x")), 100, 1))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("few.jsonl")
                .hasMessageContaining("at least 20");
        List<Example> alike = IntStream.range(0, 40)
                .mapToObj(index -> row("r" + index, "always the same"))
                .toList();
        assertThatThrownBy(() -> SearchRows.split("alike.jsonl", alike, 100, 1))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("none can be held out");
    }

    private static Set<String> texts(List<Example> rows) {
        Set<String> texts = new HashSet<>();
        rows.forEach(row -> texts.add(((Labelled) row).input().text()));
        return texts;
    }

    @Test
    void answersThatAreNotInTheirContextAreSaid() throws IOException {
        String lines = IntStream.range(0, 30)
                .mapToObj(row -> """
                        {"id": "q%d", "question": "Who?", "context": "Ada came %d times.", "answers": ["%s"]}
                        """.formatted(row, row, row == 7 ? "Bob" : "Ada"))
                .collect(Collectors.joining());
        Path data = Files.writeString(folder.resolve("dev.jsonl"), lines);
        SearchRows rows = SearchRows.draw(
                DataSets.findAll(data, DataTask.SQUAD), DataTask.SQUAD, Columns.parse(List.of()), 1000, 1);
        assertThat(rows.notes()).singleElement().asString().contains("dev.jsonl", "1 accepted", "'Bob'");
    }

    private static Example row(String id, String text) {
        return new Labelled(id, TextInput.of(text), "1", "here");
    }
}
