package dev.hone.engines;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.hone.testkit.OwnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

final class OnnxRuntimeExitTest {
    private static final int STATUS = 7;
    private static final long LOADING_MILLIS = 150;

    @TempDir
    private Path folder;

    @RepeatedTest(3)
    void aProcessMayEndWhileItLoadsModels() throws IOException, InterruptedException {
        Path model = TinyOnnx.write(folder.resolve("model.onnx"), false);
        OwnProcess ended = OwnProcess.run(
                List.of(),
                List.of(
                        "-XX:ErrorFile=" + folder.resolve("crash.log"),
                        "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("temporary")),
                        "--enable-native-access=ALL-UNNAMED"),
                OnnxRuntimeExitTest.class,
                model.toString());
        assertThat(ended.status()).as(ended.words()).isEqualTo(STATUS);
        assertThat(folder.resolve("temporary")).isEmptyDirectory();
    }

    /** Loads a model again and again, and ends in the midst of it. */
    public static void main(String[] arguments) throws OrtException {
        OrtEnvironment environment = OnnxRuntimeEnvironment.get();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Thread.sleep(LOADING_MILLIS);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            System.exit(STATUS);
        });
        while (true) {
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                    OrtSession session = environment.createSession(arguments[0], options)) {
                assertThat(session.getNumInputs()).isPositive();
            }
        }
    }
}
