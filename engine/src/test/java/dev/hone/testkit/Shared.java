package dev.hone.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The optional folder of checkpoints and recorded answers that lies beside the repository: {@code ../shared}, or
 * where the system property {@code hone.shared} or the environment variable {@code HONE_SHARED} says.
 *
 * <p>A test that needs something from it is skipped when it is absent, and says so. The skip census of {@code ./do
 * test} accepts a skip only when its reason begins with {@value #OPTIONAL}.
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

    private static Path folder() {
        String given = System.getProperty("hone.shared", System.getenv().getOrDefault("HONE_SHARED", ""));
        return given.isEmpty() ? Repository.root().resolveSibling("shared") : Path.of(given);
    }
}
