package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the main job puts what it makes.
 *
 * @param json the report
 * @param journal what was measured, to go on with after an interruption
 * @param artefact the compiled model; empty where only a report is wanted
 */
record OptimizePlace(Path json, Path journal, Optional<Path> artefact) {
    private static final String JSON = ".json";

    /** A folder for everything; a path that ends in {@code .json} takes the report, and no artefact is made. */
    static OptimizePlace at(Path out) {
        if (out.toString().endsWith(JSON)) {
            String name = out.getFileName().toString();
            String stem = name.substring(0, name.length() - JSON.length());
            return new OptimizePlace(out, out.resolveSibling(stem + ".journal.jsonl"), Optional.empty());
        }
        return new OptimizePlace(
                out.resolve("report.json"), out.resolve("journal.jsonl"), Optional.of(out.resolve("artefact")));
    }

    /** Where the page belongs; nowhere when only a report is wanted. */
    Optional<Path> page() {
        return artefact.map(folder -> folder.resolveSibling("page.html"));
    }

    /**
     * Refuses a place among the model's files.
     *
     * @throws HoneException of category {@code USAGE} when it is
     */
    static void refuseInside(Path model, Path out) {
        Path from = model.toAbsolutePath().normalize();
        Path to = out.toAbsolutePath().normalize();
        boolean inside = Files.isDirectory(model) ? to.startsWith(from) : to.equals(from) || from.startsWith(to);
        if (inside) {
            throw new HoneException(
                    Category.USAGE, out + " is a place of the model that is read; give another place to --out");
        }
    }

    /**
     * The folder that everything comes into; closing it takes it away where it was made here and nothing came into it.
     *
     * @param made the folder; nothing where it was there already
     */
    record Folder(Optional<Path> made) implements AutoCloseable {
        @Override
        public void close() {
            if (made.isEmpty()) {
                return;
            }
            try {
                Files.deleteIfExists(made.get());
            } catch (DirectoryNotEmptyException filled) {
                // It holds what it was made for.
            } catch (IOException failure) {
                throw new HoneException(
                        Category.OUTPUT, made.get() + ": cannot be removed: " + failure.getMessage(), failure);
            }
        }
    }

    /** Makes the folder that everything comes into, unless only a report is wanted. */
    Folder prepare() {
        Path folder = json.toAbsolutePath().getParent();
        if (artefact.isEmpty() || folder == null || Files.isDirectory(folder)) {
            return new Folder(Optional.empty());
        }
        try {
            Files.createDirectories(folder);
            return new Folder(Optional.of(folder));
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    json.getParent() + ": cannot be made (" + failure.getMessage()
                            + "); choose another place with --out",
                    failure);
        }
    }
}
