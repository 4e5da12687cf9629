package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for files that a command makes for itself; it goes with all that is in it. */
record ScratchFolder(Path path) implements AutoCloseable {
    /** @throws HoneException of category OUTPUT when no folder can be made */
    static ScratchFolder open() {
        try {
            return new ScratchFolder(Files.createTempDirectory("hone-"));
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    "no folder can be made in " + System.getProperty("java.io.tmpdir") + ": " + failure.getMessage()
                            + "; name another with HONE_JAVA_OPTIONS=-Djava.io.tmpdir=DIR",
                    failure);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT, path + ": cannot be removed: " + failure.getMessage() + "; remove it", failure);
        }
    }
}
