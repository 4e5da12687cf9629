package dev.hone.evaluate.data;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of rows with named cells. */
interface Table extends AutoCloseable {
    /**
     * A row.
     *
     * @param byName its cells; one that is empty in the file's own sense (null in JSON) is left away
     * @param line where it stands, from 1
     */
    record Cells(Map<String, String> byName, long line) {}

    /** The next row; null after the last one. */
    @Nullable
    Cells next();

    @Override
    void close();
}
