package dev.hone.evaluate.data;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables of several files one after the other, of which one is open at a time. Rows are counted through. */
final class ShardTable implements Table {
    private final Queue<Path> left;
    private final Function<DataFile, Table> opener;
    private Table open;
    private long number;

    ShardTable(DataFile file, Function<DataFile, Table> opener) {
        this.left = new ArrayDeque<>(file.shards());
        this.opener = opener;
        this.open = opener.apply(new DataFile(left.remove()));
    }

    @Override
    public @Nullable Cells next() {
        Cells cells = open.next();
        while (cells == null && !left.isEmpty()) {
            open.close();
            open = opener.apply(new DataFile(left.remove()));
            cells = open.next();
        }
        return cells == null ? null : new Cells(cells.byName(), cells.lists(), ++number);
    }

    @Override
    public List<String> classes(String column) {
        return open.classes(column);
    }

    @Override
    public void close() {
        open.close();
    }
}
