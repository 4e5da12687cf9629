package dev.hone.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the files of a model lie that stand beside its weights, such as its configuration and its tokenizer. */
public final class ModelDirectory {
    private ModelDirectory() {}

    /** The model itself where it is a directory, otherwise the directory of its file. */
    public static Path of(Path model) {
        Path parent = model.toAbsolutePath().getParent();
        return Files.isDirectory(model) || parent == null ? model : parent;
    }
}
