package dev.hone.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the sources lie that the running tests belong to. */
public final class Repository {
    private Repository() {}

    /** The root of the repository: the nearest folder upwards that holds the launcher and the Maven project. */
    public static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (@Nullable Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("hone")) && Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no repository root above " + start);
    }
}
