package dev.hone.evaluate.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a file, read as they are asked for. */
public interface Rows extends AutoCloseable {
    /** The next row; null after the last one. */
    @Nullable
    Example next();

    /** What a reader of the figures should know of the rows that were read so far. */
    default List<String> notes() {
        return List.of();
    }

    @Override
    void close();
}
