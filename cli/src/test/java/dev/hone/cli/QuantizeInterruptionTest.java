package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A calibration in a process of its own that is interrupted. */
final class QuantizeInterruptionTest {
    private static final int INTERRUPTED = 130;
    private static final int TEXTS = 100_000;
    private static final long POLL_MILLIS = 5;

    @TempDir
    private Path folder;

    @Test
    void nothingStaysOfAnInterruptedCalibration() throws Exception {
        CommandProcess.assumeInterruptible();
        QuantizedClassifier file = QuantizedClassifier.in(folder);
        Path texts = folder.resolve("texts.txt");
        Files.write(texts, Collections.nCopies(TEXTS, "a text"));
        String samples = Integer.toString(TEXTS);
        CommandProcess command = CommandProcess.start(
                folder,
                CommandProcess.INTERRUPTIBLE,
                List.of(
                        "quantize",
                        file.model().toString(),
                        "--out",
                        file.output().toString(),
                        "--static",
                        "--calibrate",
                        texts.toString(),
                        "--calibration-samples",
                        samples,
                        "--calibration-shards",
                        "20"));
        while (command.process().isAlive() && command.scratchFolders().isEmpty()) {
            Thread.sleep(POLL_MILLIS);
        }
        command.interrupt();
        assertThat(command.ended()).as(command.words()).isEqualTo(INTERRUPTED);
        assertThat(command.scratchFolders()).isEmpty();
        assertThat(file.output()).doesNotExist();
    }
}
