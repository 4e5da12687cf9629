package dev.hone.evaluate.data;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * A data file: UTF-8, as it is or packed by gzip ({@code .gz}); or one that was cut into several.
 *
 * @param path of one that was cut, its name with a {@code *} for the number
 * @param shards the files that hold its rows, in their order; most often the one that {@code path} names
 */
public record DataFile(Path path, List<Path> shards) {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String PACKED = ".gz";

    public DataFile {
        shards = List.copyOf(shards);
    }

    public DataFile(Path path) {
        this(path, List.of(path));
    }

    boolean isCut() {
        return shards.size() > 1;
    }

    /** The end of its name behind the last dot, {@code .gz} left away, in lower case: {@code jsonl}; empty for none. */
    public String suffix() {
        String name = unpackedName();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }

    /** Whether it is packed by gzip, as its name says. */
    boolean isPacked() {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(PACKED);
    }

    /** Its name without {@code .gz}, in lower case. */
    String unpackedName() {
        Path file = path.getFileName();
        String name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(PACKED) ? name.substring(0, name.length() - PACKED.length()) : name;
    }

    /** Its text without a byte order mark; what is not UTF-8 ends in an error as it is read, and is not replaced. */
    BufferedReader open() {
        try {
            Reader strict = new InputStreamReader(
                    bytes(),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT));
            BufferedReader reader = new BufferedReader(strict, BUFFER_BYTES);
            reader.mark(1);
            if (reader.read() != BYTE_ORDER_MARK) {
                reader.reset();
            }
            return reader;
        } catch (IOException failure) {
            throw failed(failure, 1);
        }
    }

    private InputStream bytes() throws IOException {
        InputStream file = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
        try {
            return isPacked() ? new GZIPInputStream(file, BUFFER_BYTES) : file;
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    /** What is wrong, with the file and the line in front. */
    HoneException wrong(long line, String what) {
        return new HoneException(Category.INPUT, place(line) + ": " + what);
    }

    HoneException failed(IOException failure, long line) {
        if (failure instanceof CharacterCodingException) {
            return new HoneException(
                    Category.INPUT, place(line) + ": not UTF-8 here or soon after; convert the file to UTF-8", failure);
        }
        return new HoneException(
                Category.INPUT,
                place(line) + ": cannot be read: " + failure.getMessage() + "; check the file",
                failure);
    }

    String place(long line) {
        return path + ":" + line;
    }
}
