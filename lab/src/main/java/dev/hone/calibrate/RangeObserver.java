package dev.hone.calibrate;

import dev.hone.onnx.quantize.ValueRange;
import java.nio.FloatBuffer;

/** Watches one value of a graph over many runs in a fixed amount of memory. */
interface RangeObserver {
    /** Sees the numbers of one run, from the buffer's position to its limit; those that are not finite are left out. */
    void add(FloatBuffer numbers);

    /** The range that was found; nothing finite seen is the range from 0 to 0. */
    ValueRange range();
}
