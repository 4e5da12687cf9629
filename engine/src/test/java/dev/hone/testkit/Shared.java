package dev.hone.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The optional folder of checkpoints and recorded answers that lies beside the repository: {@code ../shared}, or where
 * the system property {@code hone.shared} or the environment variable {@code HONE_SHARED} says.
 *
 * <p>A test that needs something from it is skipped when it is absent, and says so. The skip census of {@code ./do test}
 * accepts a skip only when its reason begins with {@value #OPTIONAL}.
 */
public final class Shared {
    /** How the reason of every permitted skip begins. */
    public static final String OPTIONAL = "optional: ";

    private Shared() {}

    /** The file or folder {@code parts} inside the shared folder; the test is skipped when it is not there. */
    public static Path require(String... parts) {
        Path path = Path.of(folder().toString(), parts);
        Assumptions.assumeTrue(Files.exists(path), () -> OPTIONAL + "there is no " + path);
        return path;
    }

    /** Whether the file or folder is there, for tests that have another source as well. */
    public static boolean has(String... parts) {
        return Files.exists(Path.of(folder().toString(), parts));
    }

    /** The root of the repository that the running test belongs to. */
    public static Path repository() {
        Path start = Path.of("").toAbsolutePath();
        for (@Nullable Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("scripts/jdk.sh")) && Files.exists(folder.resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no repository root above " + start);
    }

    private static Path folder() {
        String given = System.getProperty("hone.shared", System.getenv().getOrDefault("HONE_SHARED", ""));
        return given.isEmpty() ? repository().resolveSibling("shared") : Path.of(given);
    }
}
