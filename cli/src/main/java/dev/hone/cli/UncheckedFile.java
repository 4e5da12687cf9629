package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.ExternalData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * An ONNX file, and the constants beside it, under their own names in a folder of their own beside their place, until
 * they are kept; what is not kept is removed, also where the process is interrupted.
 */
final class UncheckedFile implements AutoCloseable {
    private final Path place;
    private final Path folder;

    private UncheckedFile(Path place, Path folder) {
        this.place = place;
        this.folder = folder;
        // The JVM deletes what was named last first.
        folder.toFile().deleteOnExit();
        names().forEach(name -> folder.resolve(name).toFile().deleteOnExit());
    }

    /** @throws HoneException of category OUTPUT when nothing can be written beside the place */
    static UncheckedFile beside(Path place) {
        Path parent = place.toAbsolutePath().getParent();
        try {
            Path base = parent == null ? Path.of("") : parent;
            return new UncheckedFile(place, Files.createTempDirectory(base, ".unchecked"));
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT, place + ": cannot be written: no folder can be made beside it", failure);
        }
    }

    Path file() {
        return folder.resolve(place.getFileName());
    }

    private List<Path> names() {
        Path name = place.getFileName();
        return List.of(ExternalData.of(name), name);
    }

    /** Moves the files to their place, the model last. */
    void keep() {
        for (Path name : names()) {
            Path written = folder.resolve(name);
            try {
                if (Files.exists(written)) {
                    Files.move(written, place.resolveSibling(name), StandardCopyOption.REPLACE_EXISTING);
                }
            } catch (IOException failure) {
                throw new HoneException(
                        Category.OUTPUT, place + ": cannot be written: " + failure.getMessage(), failure);
            }
        }
    }

    @Override
    public void close() {
        try {
            for (Path name : names()) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        } catch (IOException failure) {
            throw new HoneException(Category.OUTPUT, folder + ": cannot be removed: " + failure.getMessage(), failure);
        }
    }
}
