package dev.hone.evaluate.data;

import dev.hone.evaluate.data.Columns.Role;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the cells of a role in rows, and says which column is missing. */
record TableCells(DataFile file, Columns columns) {
    static final String OUTSIDE = "O";

    /** The name of the column for a role that must be there, of values or of lists. */
    String name(Table.Cells row, Role role) {
        Set<String> present = new LinkedHashSet<>(row.byName().keySet());
        present.addAll(row.lists().keySet());
        return name(row, role, present);
    }

    private String name(Table.Cells row, Role role, Set<String> present) {
        return columns.find(role, present).orElseThrow(() -> file.wrong(row.line(), columns.missing(role, present)));
    }

    /** The value of a role. */
    String value(Table.Cells row, Role role) {
        Set<String> present = row.byName().keySet();
        return row.byName().getOrDefault(name(row, role, present), "");
    }

    /** The list of a role; a single value is a list of one. */
    List<String> list(Table.Cells row, Role role) {
        String name = name(row, role);
        List<String> list = row.lists().get(name);
        return list == null ? List.of(row.byName().getOrDefault(name, "")) : list;
    }

    /** The row's name, or its number. */
    String id(Table.Cells row, long number) {
        String counted = Long.toString(number);
        return columns.find(Role.ID, row.byName().keySet())
                .map(name -> row.byName().getOrDefault(name, counted))
                .orElse(counted);
    }
}
