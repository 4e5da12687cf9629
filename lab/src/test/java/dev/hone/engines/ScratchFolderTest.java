package dev.hone.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class ScratchFolderTest {
    @Test
    void itGoesWithAllThatIsInIt() throws IOException {
        ScratchFolder folder = ScratchFolder.open();
        Files.writeString(
                Files.createDirectories(folder.path().resolve("inner")).resolve("file"), "text");
        folder.close();
        assertThat(folder.path()).doesNotExist();
        folder.close();
    }
}
