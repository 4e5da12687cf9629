package dev.hone.evaluate.data;

import dev.hone.evaluate.data.Columns.Role;
import dev.hone.task.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions from a table: a question, its context and a list of accepted answers in each row. */
final class QuestionRows implements Rows {
    private final TableCells cells;
    private final Table table;
    private final StrayAnswers strayAnswers;
    private long count;

    QuestionRows(DataFile file, Table table, Columns columns) {
        this.table = table;
        this.cells = new TableCells(file, columns);
        this.strayAnswers = new StrayAnswers(file);
    }

    @Override
    public @Nullable Example next() {
        Table.Cells row = table.next();
        if (row == null) {
            return null;
        }
        Question question = new Question(cells.value(row, Role.QUESTION), cells.value(row, Role.CONTEXT));
        Example.Asked asked = new Example.Asked(cells.id(row, count++), question, cells.list(row, Role.ANSWERS));
        strayAnswers.check(asked, row.line());
        return asked;
    }

    @Override
    public List<String> notes() {
        return strayAnswers.notes();
    }

    @Override
    public void close() {
        table.close();
    }
}
