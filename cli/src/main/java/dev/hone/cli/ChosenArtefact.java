package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.ScratchFolder;
import dev.hone.optimize.ModelFolder;
import dev.hone.optimize.OpenedWay;
import dev.hone.optimize.Search;
import dev.hone.optimize.Way;
import dev.hone.session.ArtefactFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The artefact of a choice. It is compiled in a folder beside its place, opened there and asked again; only then it
 * takes the place of an earlier one, so a full disk or an interruption costs nobody the one that was there.
 */
final class ChosenArtefact {
    private final Path place;
    private final Path unfinished;

    private ChosenArtefact(Path place, Path unfinished) {
        this.place = place;
        this.unfinished = unfinished;
    }

    /** @throws HoneException of category {@code OUTPUT} when something else stands at the place */
    static ChosenArtefact at(Path place) {
        if (Files.exists(place) && ArtefactFacts.schemeAt(place).isEmpty()) {
            throw new HoneException(
                    Category.OUTPUT, place + ": it exists and is no artefact; remove it or choose another --out");
        }
        String name = ".unfinished-" + ProcessHandle.current().pid();
        return new ChosenArtefact(place, place.toAbsolutePath().resolveSibling(name));
    }

    Path place() {
        return place;
    }

    /**
     * Writes it.
     *
     * @throws HoneException of category {@code OUTPUT} when it cannot be written, {@code MACHINE} when it answers
     *     otherwise than its candidate did
     */
    void write(Search search, Way chosen, ModelFolder folder) throws IOException {
        try {
            Path written = makeFolder().resolve("artefact");
            compile(folder, chosen, written);
            try (OpenedWay opened = folder.openArtefact(written, chosen)) {
                if (!search.answersAs(chosen, opened)) {
                    throw new HoneException(
                            Category.MACHINE, place + ": the artefact answers otherwise than what was measured");
                }
            }
            putInPlace(written);
        } finally {
            discard();
        }
    }

    private void compile(ModelFolder folder, Way chosen, Path written) throws IOException {
        try {
            folder.compile(chosen, written, new Main.Version().getVersion()[0].replace("hone ", ""));
        } catch (HoneException failure) {
            if (failure.category() == Category.OUTPUT && failure.getCause() instanceof IOException cause) {
                throw unwritable(cause);
            }
            throw failure;
        }
    }

    private Path makeFolder() {
        try {
            return Files.createDirectory(unfinished);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    private void putInPlace(Path written) {
        ScratchFolder.remove(place);
        try {
            Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    private HoneException unwritable(IOException failure) {
        return new HoneException(
                Category.OUTPUT,
                place + ": cannot be written: " + failure.getMessage()
                        + "; make room or choose another place with --out, then go on with --resume",
                failure);
    }

    /** Removes what did not come into its place. */
    void discard() {
        ScratchFolder.remove(unfinished);
    }
}
