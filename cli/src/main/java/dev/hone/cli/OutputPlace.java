package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Places that options name for files, looked at before the work whose results they take. */
final class OutputPlace {
    private OutputPlace() {}

    /**
     * Refuses a place that takes no file, and one where a file of the model is.
     *
     * @throws HoneException of category {@code USAGE} for a file of the model, {@code OUTPUT} for what takes no file
     */
    static void check(Path model, Path output) {
        refuseToOverwrite(model, output);
        if (Files.isDirectory(output)) {
            throw new HoneException(Category.OUTPUT, output + ": is a directory; give the path of a file");
        }
        checkFolder(output);
    }

    /**
     * Refuses a place beside which nothing can be written.
     *
     * @throws HoneException of category {@code OUTPUT} when there is no folder for it, or none that can be written to
     */
    static void checkFolder(Path output) {
        Path folder = output.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new HoneException(
                    Category.OUTPUT,
                    output + ": cannot be written: there is no folder " + folder + "; make it, or give another place");
        }
        if (!Files.isWritable(Files.exists(output) ? output : folder)) {
            throw new HoneException(
                    Category.OUTPUT, output + ": cannot be written: access to it is denied; give another place");
        }
    }

    /**
     * Refuses an output that would take the place of one of the model's files.
     *
     * @throws HoneException of category {@code USAGE} when it would
     */
    static void refuseToOverwrite(Path model, Path output) {
        boolean inside = Files.isDirectory(model)
                ? output.toAbsolutePath()
                        .normalize()
                        .startsWith(model.toAbsolutePath().normalize())
                : isSame(model, output);
        if (inside && Files.exists(output)) {
            throw new HoneException(
                    Category.USAGE,
                    output + " is part of the model that is read; give another place for what is written");
        }
    }

    /**
     * Refuses an output that would take the place of a file of data.
     *
     * @param data files that are there
     * @throws HoneException of category {@code USAGE} when it would
     */
    static void refuseToOverwriteData(List<Path> data, Path output) {
        if (data.stream().anyMatch(file -> isSame(file, output))) {
            throw new HoneException(
                    Category.USAGE, output + " holds the data that are read; give another place for what is written");
        }
    }

    private static boolean isSame(Path read, Path output) {
        try {
            return Files.exists(output) && Files.isSameFile(output, read);
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT, output + ": cannot be looked at: " + failure.getMessage(), failure);
        }
    }
}
