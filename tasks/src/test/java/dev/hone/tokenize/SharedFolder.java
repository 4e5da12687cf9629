package dev.hone.tokenize;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The folder of recorded answers that may lie beside the repository; tests that use it say when it is absent. */
public final class SharedFolder {
    private SharedFolder() {}

    /** {@code -Dhone.shared}, {@code HONE_SHARED}, or the folder {@code shared} beside the repository. */
    public static Path path() {
        String given = System.getProperty("hone.shared", System.getenv("HONE_SHARED"));
        if (given != null) {
            return Path.of(given);
        }
        Path repository = Path.of("").toAbsolutePath();
        while (repository.getParent() != null && !Files.isDirectory(repository.resolve(".mvn"))) {
            repository = repository.getParent();
        }
        return Objects.requireNonNullElse(repository.getParent(), repository).resolve("shared");
    }

    public static String absent() {
        return "optional: recorded answers are not checked: there is no folder " + path()
                + " (set -Dhone.shared or HONE_SHARED to it)";
    }
}
