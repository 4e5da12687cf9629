package dev.hone.task;

import java.nio.file.Path;

/** Where files that can be made again are kept. */
public final class CacheFolder {
    private CacheFolder() {}

    /** {@code -Dhone.cache}, else {@code hone} in {@code XDG_CACHE_HOME}, else {@code ~/.cache/hone}. */
    public static Path path() {
        String given = System.getProperty("hone.cache");
        if (given != null && !given.isEmpty()) {
            return Path.of(given);
        }
        String caches = System.getenv("XDG_CACHE_HOME");
        return caches != null && !caches.isEmpty()
                ? Path.of(caches, "hone")
                : Path.of(System.getProperty("user.home"), ".cache", "hone");
    }
}
