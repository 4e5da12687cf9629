package dev.hone.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Machine;
import dev.hone.testkit.TinyBert;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM whose class path has no LLVM runs a compiled model, and loads no class that would ask for it. */
@Tag("native")
class ArtefactWithoutCompilerTest {
    private static final TokenBatch BATCH = TokenBatch.of(new int[] {1, 2, 3, 4});

    @TempDir
    Path folder;

    /** What the other JVM does: runs the artefact it is given and prints the answer's bits. */
    static final class Start {
        private Start() {}

        static String answer(Path artefact) {
            try (Session session = Session.open(artefact, SessionOptions.defaults())) {
                EncoderOutputs outputs = session.run(BATCH);
                return session.outputNames().stream()
                        .map(name ->
                                name + " " + Arrays.toString(outputs.get(name).values()))
                        .collect(Collectors.joining("\n"));
            }
        }

        public static void main(String[] arguments) throws IOException {
            Files.writeString(Path.of(arguments[1]), answer(Path.of(arguments[0])));
        }
    }

    @Test
    void needsNoCompilerOnTheClassPath() throws IOException, InterruptedException {
        Path model = Files.createDirectory(folder.resolve("model"));
        TinyBert.classifier(64, 80).write(model);
        Path artefact = folder.resolve("artefact");
        ArtefactCompiler.compile(
                model, SessionOptions.defaults(), List.of(Machine.detect().isa()), artefact, "test");
        Path answer = folder.resolve("answer.txt");
        Path classes = folder.resolve("classes.txt");
        assertThat(run(artefact, answer, classes)).isZero();
        assertThat(Files.readString(answer)).isEqualTo(Start.answer(artefact));
        assertThat(Files.readAllLines(classes))
                .anyMatch(line -> line.contains("dev.hone.artefact.Artefact "))
                .noneMatch(line -> line.contains("dev.hone.nativecode.llvm.") || line.contains("org.bytedeco"));
    }

    private int run(Path artefact, Path answer, Path classes) throws IOException, InterruptedException {
        String whole = System.getProperty("java.class.path");
        assertThat(whole).contains("bytedeco");
        String classPath = Stream.of(whole.split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).toString().contains("bytedeco"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xlog:class+load:file=" + classes,
                        "-cp",
                        classPath,
                        Start.class.getName(),
                        artefact.toString(),
                        answer.toString())
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assertThat(words).as("what the other JVM says").isEmpty();
        return status;
    }
}
