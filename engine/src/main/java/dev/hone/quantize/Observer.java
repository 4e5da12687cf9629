package dev.hone.quantize;

import dev.hone.tensor.RowRange;

/** Sees the rows of one value while a model runs on texts of any length, and tells a range for them. */
public interface Observer {
    /** The rows of one run, end to end; numbers that are not finite are left out. */
    void observe(float... rows);

    /** The range; that of {@link RowRange#OWN} where only zeros were seen. */
    RowRange range();
}
