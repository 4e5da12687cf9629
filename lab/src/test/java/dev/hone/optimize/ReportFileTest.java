package dev.hone.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

final class ReportFileTest {
    /** A device on which every write fails as on a full disk. */
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path folder;

    @Test
    void theFileAppearsWhole() {
        Path target = folder.resolve("report.json");
        try (ReportFile file = ReportFile.at(target)) {
            assertThat(target).doesNotExist();
            file.write("{}");
            assertThat(target).hasContent("{}");
        }
        assertThat(folder).isDirectoryContaining(target::equals);
    }

    @Test
    void withoutAnEndNothingIsLeftAndTheOldFileStays() throws IOException {
        Path target = Files.writeString(folder.resolve("report.json"), "old");
        try (ReportFile file = ReportFile.at(target)) {
            assertThat(file.target()).isEqualTo(target.toAbsolutePath());
        }
        assertThat(target).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    @EnabledIf("hasFullDevice")
    void fullDisksAreSaidAndDevicesStayDevices() {
        try (ReportFile file = ReportFile.at(FULL)) {
            assertThatThrownBy(() -> file.write("{}"))
                    .hasMessageContaining(FULL.toString())
                    .asInstanceOf(type(HoneException.class))
                    .satisfies(failure -> assertThat(failure.category()).isEqualTo(Category.OUTPUT));
        }
        assertThat(FULL).exists();
        assertThat(Files.isRegularFile(FULL)).isFalse();
    }

    static boolean hasFullDevice() {
        return Files.exists(FULL);
    }
}
