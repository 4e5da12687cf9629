package dev.hone.sweep;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param column from 1
 */
record YamlPlace(Path file, int line, int column) {
    static YamlPlace of(Path file, Mark mark) {
        return new YamlPlace(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** What is wrong here. */
    HoneException wrong(String what) {
        return new HoneException(Category.USAGE, this + ": " + what);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
