package dev.hone.checkpoint;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Files that are written beside their places and take them together at the end; without that end they vanish, also
 * where the process is interrupted.
 *
 * <p>Devices and pipes are written where they are: a file must not take their place.
 */
final class ReplacedFiles implements AutoCloseable {
    /** Writes files where they are asked for. */
    static final Opener ONTO_DISK =
            file -> new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);

    /** Opens a new file for writing. */
    @FunctionalInterface
    interface Opener {
        OutputStream open(Path file) throws IOException;
    }

    private record Pending(Path written, Path place) {}

    private final Opener opener;
    private final List<Pending> pending = new ArrayList<>();

    ReplacedFiles(Opener opener) {
        this.opener = opener;
    }

    OutputStream open(Path place) throws IOException {
        Path folder = place.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(place)) {
            throw new IOException("it is a folder");
        }
        if (Files.exists(place) && !Files.isRegularFile(place)) {
            return Files.newOutputStream(place, StandardOpenOption.WRITE);
        }
        Path written = folder.resolve("." + place.getFileName() + "." + UUID.randomUUID() + ".part");
        pending.add(new Pending(written, place));
        written.toFile().deleteOnExit();
        return opener.open(written);
    }

    /** Puts all files into their places, in the order in which they were opened. */
    void commit() throws IOException {
        for (Pending file : pending) {
            Files.move(file.written(), file.place(), StandardCopyOption.REPLACE_EXISTING);
        }
        pending.clear();
    }

    @Override
    public void close() throws IOException {
        for (Pending file : pending) {
            Files.deleteIfExists(file.written());
        }
    }
}
