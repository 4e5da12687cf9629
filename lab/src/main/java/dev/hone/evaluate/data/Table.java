package dev.hone.evaluate.data;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of rows with named cells. */
interface Table extends AutoCloseable {
    /**
     * A row.
     *
     * @param byName its cells; one that is empty in the file's own sense (null in JSON) is left away
     * @param lists its cells that hold several values
     * @param line where it stands, from 1; its number where the file has no lines
     */
    record Cells(Map<String, String> byName, Map<String, List<String>> lists, long line) {
        /** A row without lists. */
        static Cells of(Map<String, String> byName, long line) {
            return new Cells(byName, Map.of(), line);
        }
    }

    /** The next row; null after the last one. */
    @Nullable
    Cells next();

    /** The names of the numbers in a column of classes, where the file tells them. */
    default List<String> classes(String column) {
        return List.of();
    }

    @Override
    void close();
}
