package dev.hone.engines;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.quantize.Calibration;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;

/**
 * How an engine opens a model; the same for every engine of a comparison.
 *
 * @param threads worker threads, the calling one included; at least 1
 * @param scheme the precision of each large product
 * @param calibration what the scheme needs to know of rows
 */
public record EngineOptions(int threads, Scheme scheme, Calibration calibration) {
    private static final int MOST_THREADS = 4096;

    public EngineOptions {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new HoneException(Category.USAGE, "threads " + threads + ": give a number from 1 to " + MOST_THREADS);
        }
    }

    /** A scheme that needs no calibration. */
    public EngineOptions(int threads, Scheme scheme) {
        this(threads, scheme, Calibration.NONE);
    }

    /** One precision for all layers. */
    public EngineOptions(int threads, Precision precision) {
        this(threads, Scheme.of(precision));
    }

    /** Single precision with the given number of threads. */
    public static EngineOptions ofThreads(int threads) {
        return new EngineOptions(threads, Precision.F32);
    }
}
