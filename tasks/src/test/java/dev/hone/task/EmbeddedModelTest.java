package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.tokenize.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedModelTest {
    @Test
    void writesACompleteDirectoryOnce(@TempDir Path cache) throws IOException {
        Path directory = EmbeddedModel.directory(cache);
        var written = Files.getLastModifiedTime(directory.resolve("model.onnx"));
        assertThat(Files.size(directory.resolve("model.onnx"))).isGreaterThan(80_000_000);
        TaskConfiguration configuration = TaskConfiguration.read(directory);
        assertThat(configuration.maximumLength()).isEqualTo(256);
        assertThat(configuration.pooling()).isEqualTo(new Pooling(Pooling.Mode.MEAN, true));
        assertThat(TaskConfiguration.read(directory.resolve("model.onnx"))).isEqualTo(configuration);
        try (var tokenizer = TextTokenizer.open(directory)) {
            assertThat(tokenizer.encode("A man is playing a guitar.", 256).ids())
                    .containsExactly(101, 1037, 2158, 2003, 2652, 1037, 2858, 1012, 102);
        }
        assertThat(EmbeddedModel.directory(cache)).isEqualTo(directory);
        assertThat(Files.getLastModifiedTime(directory.resolve("model.onnx"))).isEqualTo(written);

        Files.writeString(directory.resolve("tokenizer.json"), "{");
        assertThat(EmbeddedModel.directory(cache)).isEqualTo(directory);
        assertThat(Files.size(directory.resolve("tokenizer.json"))).isGreaterThan(100_000);
        assertThat(directory.resolveSibling(".")).isDirectoryNotContaining("glob:**part*");
        assertThat(directory.resolveSibling(".")).isDirectoryNotContaining("glob:**damaged*");
    }

    @Test
    void twoAtOnceGetTheSameDirectory(@TempDir Path cache) throws Exception {
        try (var executor = Executors.newFixedThreadPool(2)) {
            var work = new ArrayList<Callable<Path>>();
            work.add(() -> EmbeddedModel.directory(cache));
            work.add(() -> EmbeddedModel.directory(cache));
            var directories = executor.invokeAll(work);
            assertThat(directories.getFirst().get())
                    .isEqualTo(directories.getLast().get());
            try (var models = Files.list(cache.resolve("models"))) {
                assertThat(models).hasSize(1);
            }
        }
    }

    @Test
    void saysWhereItCannotBeWritten(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> EmbeddedModel.directory(file))
                .isInstanceOfSatisfying(
                        HoneException.class, e -> assertThat(e.category()).isEqualTo(Category.OUTPUT))
                .hasMessageContaining("hone.cache");
    }
}
