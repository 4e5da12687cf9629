package dev.hone.checkpoint;

import java.nio.file.Path;
import java.util.Optional;

/** The optional folder of recorded models: beside the repository, or where a property or variable says. */
final class SharedFolder {
    private SharedFolder() {}

    static Path find() {
        return Optional.ofNullable(System.getProperty("hone.shared"))
                .or(() -> Optional.ofNullable(System.getenv("HONE_SHARED")))
                .map(Path::of)
                .orElseGet(() ->
                        Path.of("").toAbsolutePath().resolve("../../shared").normalize());
    }
}
