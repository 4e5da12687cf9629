package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that appears whole or not at all: it is written beside its place and renamed.
 *
 * <p>Opened before the work whose result it takes, so that a place that cannot be written is known at once. What is
 * left of an interrupted run goes when the JVM ends. Devices and pipes are written where they are: a file must not take
 * their place.
 */
public final class ReportFile implements AutoCloseable {
    private final Path target;
    private final Path part;

    private ReportFile(Path target, Path part) {
        this.target = target;
        this.part = part;
    }

    /** @throws HoneException of category {@code OUTPUT} when the place cannot be written */
    public static ReportFile at(Path target) {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new HoneException(Category.OUTPUT, target + ": is a directory; give the path of a file");
        }
        if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
            return new ReportFile(absolute, absolute);
        }
        try {
            Path part = folder.resolve(
                    "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            Files.createFile(part);
            part.toFile().deleteOnExit();
            return new ReportFile(absolute, part);
        } catch (IOException unwritable) {
            throw new HoneException(
                    Category.OUTPUT, target + ": cannot be written; choose another place with --out", unwritable);
        }
    }

    /** Writes everything and puts the file in its place. */
    public void write(String text) {
        try {
            Files.writeString(part, text);
            if (!part.equals(target)) {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT, target + ": writing failed (" + failure.getMessage() + ")", failure);
        }
    }

    public Path target() {
        return target;
    }

    @Override
    public void close() {
        if (part.equals(target)) {
            return;
        }
        try {
            Files.deleteIfExists(part);
        } catch (IOException failure) {
            throw new HoneException(Category.OUTPUT, part + ": cannot be removed", failure);
        }
    }
}
