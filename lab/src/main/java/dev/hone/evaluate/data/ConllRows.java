package dev.hone.evaluate.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sentences of a token file: a word, perhaps other columns, and its tag on a line, an empty line after each sentence.
 *
 * <p>Columns are parted by a tab, or by white space where the line has none. Lines that begin with {@code -DOCSTART-}
 * part documents in CoNLL-2003, and are left out with the rest of their sentence, as its scorers do.
 */
final class ConllRows implements Rows {
    private static final String DOCUMENT = "-DOCSTART-";

    private final LineReader lines;
    private int sentences;

    ConllRows(DataFile file) {
        this.lines = new LineReader(file);
    }

    @Override
    public @Nullable Example next() {
        List<String> words = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        String line = lines.next();
        while (line != null && !(line.isBlank() && !words.isEmpty())) {
            if (!line.isBlank() && !line.startsWith(DOCUMENT)) {
                String[] columns = columns(line);
                words.add(columns[0]);
                tags.add(columns[columns.length - 1]);
            }
            line = lines.next();
        }
        return words.isEmpty() ? null : new Example.Tagged(Integer.toString(sentences++), words, tags);
    }

    private String[] columns(String line) {
        String[] columns = line.indexOf('\t') >= 0
                ? line.stripTrailing().split("\t", -1)
                : line.strip().split("\\s+", -1);
        if (columns.length < 2 || columns[0].isEmpty()) {
            throw lines.wrong("no tag behind the word '" + line.strip()
                    + "'; each line needs a word and a tag, parted by a tab or a space");
        }
        return columns;
    }

    @Override
    public void close() {
        lines.close();
    }
}
