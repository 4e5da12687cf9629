package dev.hone.tokenize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A WordPiece vocabulary of a few words. */
public final class SmallVocabulary {
    private static final List<String> TOKENS = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "a", "cat", "dog", "walk", "##ing", "##s", "cafe",
            "in", "paris", "##ian", "john", "smith", "works", "at", "acme", "who", "where", "lives", "new", "york", ".",
            ",", "?", "good", "bad", "film");

    private SmallVocabulary() {}

    public static int id(String token) {
        return TOKENS.indexOf(token);
    }

    public static int size() {
        return TOKENS.size();
    }

    public static void write(Path directory) {
        try {
            Files.writeString(directory.resolve("vocab.txt"), String.join("\n", TOKENS) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the vocabulary to the directory and opens it with the usual settings (lower case, accents stripped). */
    public static TextTokenizer open(Path directory) {
        write(directory);
        return TextTokenizer.open(directory);
    }
}
