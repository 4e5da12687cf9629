package dev.hone.evaluate.data;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a file line by line and knows where it is. */
final class LineReader implements AutoCloseable {
    private final DataFile file;
    private final BufferedReader reader;
    private long line;

    LineReader(DataFile file) {
        this.file = file;
        this.reader = file.open();
    }

    /** The next line; null after the last one. */
    @Nullable
    String next() {
        try {
            String text = reader.readLine();
            if (text != null) {
                line++;
            }
            return text;
        } catch (IOException failure) {
            throw file.failed(failure, line + 1);
        }
    }

    /** The number of the line that was read last, from 1. */
    long line() {
        return line;
    }

    HoneException wrong(String what) {
        return file.wrong(line, what);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException failure) {
            throw new HoneException(Category.INPUT, file.path() + ": cannot be closed", failure);
        }
    }
}
