package dev.hone.evaluate.data;

import dev.hone.evaluate.data.Columns.Role;
import dev.hone.task.TextInput;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of a table as texts or pairs with a label or a grade. */
final class TableRows implements Rows {
    private final DataFile file;
    private final Table table;
    private final DataTask task;
    private final Columns columns;
    private final TableCells named;
    private long count;

    TableRows(DataFile file, Table table, DataTask task, Columns columns) {
        this.file = file;
        this.table = table;
        this.task = task;
        this.columns = columns;
        this.named = new TableCells(file, columns);
    }

    @Override
    public @Nullable Example next() {
        Table.Cells cells = table.next();
        if (cells == null) {
            return null;
        }
        String id = named.id(cells, count++);
        TextInput input = input(cells);
        return switch (task.kind()) {
            case LABELS -> new Example.Labelled(id, input, named.value(cells, Role.LABEL), file.place(cells.line()));
            case GRADES -> new Example.Graded(id, input, grade(cells));
            case TAGS, QUESTIONS -> throw new IllegalStateException(task + " is not read from a table");
        };
    }

    private TextInput input(Table.Cells cells) {
        String text = named.value(cells, Role.TEXT);
        boolean given = columns.given().containsKey(Role.PAIR);
        boolean pair = given || task.pairs().orElseGet(() -> looksLikePair(cells.byName()));
        return pair ? TextInput.pair(text, named.value(cells, Role.PAIR)) : TextInput.of(text);
    }

    /** For tasks that do not say: a second text that is not also the first one makes a pair. */
    private boolean looksLikePair(Map<String, String> cells) {
        Optional<String> second = columns.find(Role.PAIR, cells.keySet());
        return second.isPresent() && !second.equals(columns.find(Role.TEXT, cells.keySet()));
    }

    private double grade(Table.Cells cells) {
        String text = named.value(cells, Role.SCORE);
        try {
            double grade = Double.parseDouble(text);
            if (Double.isFinite(grade)) {
                return grade;
            }
        } catch (NumberFormatException notANumber) {
            throw file.wrong(cells.line(), "score '" + text + "' is not a number; grades must be numbers");
        }
        throw file.wrong(cells.line(), "score '" + text + "' is not finite; grades must be finite numbers");
    }

    @Override
    public void close() {
        table.close();
    }
}
