package dev.hone.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.testkit.OwnProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplacedFilesExitTest {
    private static final int STATUS = 7;

    @TempDir
    private Path folder;

    @Test
    void nothingStaysOfFilesThatAProcessDidNotFinish() throws IOException, InterruptedException {
        Path there = Files.writeString(folder.resolve("model.onnx"), "kept");
        OwnProcess ended = OwnProcess.run(List.of(), List.of(), ReplacedFilesExitTest.class, there.toString());
        assertThat(ended.status()).as(ended.words()).isEqualTo(STATUS);
        assertThat(folder).isDirectoryContaining(file -> file.equals(there));
        assertThat(folder.toFile().list()).hasSize(1);
        assertThat(there).hasContent("kept");
    }

    /** Ends in the midst of a file. */
    public static void main(String[] arguments) throws IOException {
        try (ReplacedFiles files = new ReplacedFiles(ReplacedFiles.ONTO_DISK);
                OutputStream stream = files.open(Path.of(arguments[0]))) {
            stream.write(new byte[1 << 20]);
            stream.flush();
            System.exit(STATUS);
        }
    }
}
