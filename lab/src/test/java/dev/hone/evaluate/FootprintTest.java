package dev.hone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FootprintTest {
    @TempDir
    private Path folder;

    @Test
    void externalDataArePartOfAnOnnxModel() throws IOException {
        Path model = Files.write(folder.resolve("model.onnx"), new byte[3]);
        Files.write(folder.resolve("model.onnx.data"), new byte[50]);
        Files.write(folder.resolve("notes.txt"), new byte[700]);
        assertThat(Footprint.modelBytes(model)).isEqualTo(53);
        assertThat(Footprint.modelBytes(folder)).isEqualTo(53);
    }

    @Test
    void otherWeightsCountByThemselvesAndBeforeOnnxFiles() throws IOException {
        Path weights = Files.write(folder.resolve("model.safetensors"), new byte[20]);
        Files.write(folder.resolve("model.onnx"), new byte[3]);
        assertThat(Footprint.modelBytes(weights)).isEqualTo(20);
        assertThat(Footprint.modelBytes(folder)).isEqualTo(20);
    }
}
