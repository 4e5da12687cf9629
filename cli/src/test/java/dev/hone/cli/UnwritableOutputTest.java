package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.engines.TinyOnnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Places that cannot take what a command writes: one line, a failing status, and nothing half-written. */
final class UnwritableOutputTest {
    /** A device on which every write fails as on a full disk. */
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void writeModel() throws IOException {
        Path place = Files.createDirectory(folder.resolve("model"));
        model = TinyOnnx.write(place.resolve("model.onnx"), false);
        Files.writeString(folder.resolve("taken"), "kept");
        Files.createDirectory(folder.resolve("empty"));
    }

    @ParameterizedTest
    @CsvSource({
        "transform, --out, absent/fused.onnx",
        "transform, --out, model",
        "transform, --out, taken/fused.onnx",
        "transform, --out, empty",
        "quantize, --out, absent/bytes.onnx",
        "quantize, --out, empty",
        "quantize, --out, taken/bytes.onnx",
        "onnx-optimize, --out, absent/fast.onnx",
        "onnx-optimize, --out, empty",
        "onnx-optimize, --out, taken/fast.onnx",
        "benchmark, --out, absent/before.json",
        "benchmark, --out, empty",
        "transform, --dump, taken",
        "transform, --dump, taken/passes",
        "optimize, --out, absent/report.json",
        "optimize, --out, model",
        "optimize, --out, taken/report.json"
    })
    void placesThatCannotBeWrittenAreSaid(String command, String option, String place) throws IOException {
        List<Path> before = files();
        assertRefused(command, option, folder.resolve(place));
        assertThat(files()).isEqualTo(before);
        assertThat(folder.resolve("taken")).hasContent("kept");
    }

    @ParameterizedTest
    @CsvSource({"transform, --out, fused.onnx", "transform, --dump, passes", "optimize, --out, report.json"})
    @EnabledIf("hasFullDevice")
    void placesInsideADeviceAreSaid(String command, String option, String name) {
        assertRefused(command, option, FULL.resolve(name));
    }

    @Test
    @EnabledIf("hasFullDevice")
    void fullDisksAreSaid() throws IOException {
        List<Path> before = files();
        assertRefused("transform", "--out", FULL);
        assertThat(files()).isEqualTo(before);
        assertThat(Files.isRegularFile(FULL))
                .as("a file took the place of the device")
                .isFalse();
    }

    @Test
    @EnabledIf("hasFullDevice")
    void disksThatFillUpWhileDumpingAreSaid() throws IOException {
        Path dump = Files.createDirectory(folder.resolve("passes"));
        Files.createSymbolicLink(dump.resolve("000_Input.txt"), FULL);
        CommandLineRun run = CommandLineRun.of("transform", model.toString(), "--dump", dump.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("hone: ").contains("000_Input.txt").hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"transform, --out", "optimize, --out"})
    void theModelItselfIsNotOverwritten(String command, String option) throws IOException {
        byte[] bytes = Files.readAllBytes(model);
        CommandLineRun run = CommandLineRun.of(command, model.toString(), option, model.toString());
        assertThat(run.status()).as(run.out()).isEqualTo(2);
        assertThat(run.err()).contains("model that is read").hasLineCount(1);
        assertThat(Files.readAllBytes(model)).isEqualTo(bytes);
    }

    static boolean hasFullDevice() {
        return Files.exists(FULL);
    }

    private void assertRefused(String command, String option, Path place) {
        CommandLineRun run = CommandLineRun.of(command, model.toString(), option, place.toString());
        assertThat(run.status()).as(run.out()).isIn(1, 2);
        assertThat(run.err())
                .startsWith("hone: ")
                .contains(place.getFileName().toString())
                .doesNotContain("unexpected", "\tat ", "Exception")
                .hasLineCount(1);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.sorted().toList();
        }
    }
}
