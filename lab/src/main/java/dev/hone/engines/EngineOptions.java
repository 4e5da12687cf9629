package dev.hone.engines;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;

/**
 * How an engine opens a model; the same for every engine of a comparison.
 *
 * @param threads worker threads, the calling one included; at least 1
 * @param precision arithmetic of the products, for example {@code f32}
 */
public record EngineOptions(int threads, String precision) {
    /** Single precision everywhere: the arithmetic that every engine has. */
    public static final String F32 = "f32";

    private static final int MOST_THREADS = 4096;

    public EngineOptions {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new HoneException(Category.USAGE, "threads " + threads + ": give a number from 1 to " + MOST_THREADS);
        }
    }

    /** Single precision with the given number of threads. */
    public static EngineOptions ofThreads(int threads) {
        return new EngineOptions(threads, F32);
    }
}
