package dev.hone.evaluate.data;

import dev.hone.evaluate.data.Columns.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sentences from a table: a list of words and a list of as many tags in each row. */
final class TaggedRows implements Rows {
    private final DataFile file;
    private final TableCells cells;
    private final Table table;
    private long count;

    TaggedRows(DataFile file, Table table, Columns columns) {
        this.file = file;
        this.table = table;
        this.cells = new TableCells(file, columns);
    }

    @Override
    public @Nullable Example next() {
        Table.Cells row = table.next();
        if (row == null) {
            return null;
        }
        List<String> words = cells.list(row, Role.WORDS);
        List<String> tags = cells.list(row, Role.TAGS);
        if (words.size() != tags.size()) {
            throw file.wrong(
                    row.line(),
                    words.size() + " words with " + tags.size() + " tags; each word needs one, " + TableCells.OUTSIDE
                            + " outside of entities");
        }
        List<String> names = table.classes(cells.name(row, Role.TAGS));
        return new Example.Tagged(
                cells.id(row, count++),
                words,
                tags.stream().map(tag -> named(tag, names, row.line())).toList());
    }

    private String named(String tag, List<String> names, long line) {
        if (tag.isEmpty() || !tag.chars().allMatch(Character::isDigit)) {
            return tag;
        }
        if (tag.length() < 9 && Integer.parseInt(tag) < names.size()) {
            return names.get(Integer.parseInt(tag));
        }
        throw file.wrong(
                line,
                "tag " + tag + " is a number without a name" + (names.isEmpty() ? "" : " among " + names)
                        + "; write tags by name, such as B-PER");
    }

    @Override
    public void close() {
        table.close();
    }
}
