package dev.hone.engines;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A folder for files that are made to be opened by engines. It goes with all that is in it, when it is closed or when
 * the process is interrupted.
 */
public final class ScratchFolder implements AutoCloseable {
    private static final int MOST_ATTEMPTS = 20;
    private static final long BETWEEN_ATTEMPTS_NANOS = 50_000_000;

    private final Path path;
    private final Thread interruption;

    private ScratchFolder(Path path) {
        this.path = path;
        this.interruption = new Thread(this::removeWhileWritten, "scratch folder");
    }

    /**
     * Makes a folder among the temporary ones.
     *
     * @throws HoneException of category OUTPUT when no folder can be made, CLOSED when the process is ending
     */
    public static ScratchFolder open() {
        ScratchFolder folder = new ScratchFolder(make());
        try {
            Runtime.getRuntime().addShutdownHook(folder.interruption);
            return folder;
        } catch (IllegalStateException ending) {
            remove(folder.path);
            throw new HoneException(Category.CLOSED, "the process is ending", ending);
        }
    }

    private static Path make() {
        try {
            return Files.createTempDirectory("hone-");
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    "no folder can be made in " + System.getProperty("java.io.tmpdir") + ": " + failure.getMessage()
                            + "; name another with HONE_JAVA_OPTIONS=-Djava.io.tmpdir=DIR",
                    failure);
        }
    }

    public Path path() {
        return path;
    }

    /**
     * Removes a folder and all that is in it, if it is there.
     *
     * @throws HoneException of category OUTPUT when something of it stays
     */
    public static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException failure) {
            throw new HoneException(
                    Category.OUTPUT, folder + ": cannot be removed: " + failure.getMessage() + "; remove it", failure);
        }
    }

    /** Other threads may still write into it while the process ends. */
    private void removeWhileWritten() {
        for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
            try {
                remove(path);
                return;
            } catch (HoneException stillWritten) {
                LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
            }
        }
        remove(path);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(interruption);
        } catch (IllegalStateException ending) {
            // The process is ending, and the hook removes the folder.
            return;
        }
        remove(path);
    }
}
