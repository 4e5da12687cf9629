package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.session.TokenBatch;
import dev.hone.task.EmbeddedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTextsTest {
    @TempDir
    Path folder;

    private List<TokenBatch> read(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return CalibrationTexts.read(file, EmbeddedModel.directory(), 2);
    }

    /** A data file and a file of lines with the same pairs give the same tokens. */
    @Test
    void readsDataFilesAndLines() throws IOException {
        List<TokenBatch> lines = read("pairs.txt", "a dog runs\ta dog is running\n\n");
        List<TokenBatch> data = read(
                "pairs.jsonl",
                "{\"id\": \"1\", \"text_a\": \"a dog runs\", \"text_b\": \"a dog is running\", \"score\": 4.5}\n");
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst().ids()).isDeepEqualTo(data.getFirst().ids());
        assertThat(lines.getFirst().types()).isDeepEqualTo(data.getFirst().types());
        assertThat(lines.getFirst().types()[0]).contains(0, 1);
    }

    @Test
    void takesNoMoreThanWanted() throws IOException {
        assertThat(read("many", "one\ntwo\nthree\n")).hasSize(2);
        String words = "a O\n\nb O\n\nc O\n\n";
        assertThat(read("words.conll", words)).hasSize(2);
    }

    @Test
    void brokenDataAreRefused() {
        assertThatThrownBy(() -> read("broken.jsonl", "{\"text_a\": "))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("broken JSON");
        assertThatThrownBy(() -> CalibrationTexts.read(folder.resolve("none"), EmbeddedModel.directory(), 2))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("no such file");
    }
}
