package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Texts from the command line, from a file with one a line, or from standard input. */
final class TextSource {
    private static final int TEXTS_AT_ONCE = 256;
    private static final String STANDARD_INPUT = "-";

    private TextSource() {}

    /** Hands over some hundred texts at a time, so that a file of any size fits. */
    static void read(String file, Consumer<List<String>> chunks) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8.newDecoder()))) {
            List<String> chunk = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                chunk.add(line);
                if (chunk.size() == TEXTS_AT_ONCE) {
                    chunks.accept(List.copyOf(chunk));
                    chunk.clear();
                }
            }
            if (!chunk.isEmpty()) {
                chunks.accept(List.copyOf(chunk));
            }
        } catch (CharacterCodingException malformed) {
            throw new HoneException(Category.INPUT, file + ": not UTF-8 text; convert it first", malformed);
        } catch (NoSuchFileException missing) {
            throw new HoneException(Category.INPUT, file + ": no such file; give a file with a text a line", missing);
        } catch (IOException unreadable) {
            throw new HoneException(
                    Category.INPUT, file + ": cannot be read (" + unreadable.getMessage() + ")", unreadable);
        }
    }

    private static InputStream open(String file) throws IOException {
        return file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file));
    }
}
