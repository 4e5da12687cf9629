package dev.hone.cli;

import dev.hone.measure.Json;
import dev.hone.sweep.Setting;
import dev.hone.sweep.SweepRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of a sweep in any format. */
final class SweepTable {
    /** How rows are written. */
    enum Format {
        TABLE,
        JSON,
        CSV,
        MARKDOWN
    }

    private final List<SweepRow> rows;
    private final List<SweepColumn> columns;

    private SweepTable(List<SweepRow> rows, List<SweepColumn> columns) {
        this.rows = rows;
        this.columns = columns;
    }

    static SweepTable of(List<SweepRow> rows, List<SweepColumn> columns, Comparator<SweepRow> order) {
        return new SweepTable(rows.stream().sorted(order).toList(), columns);
    }

    List<String> lines(Format format) {
        return switch (format) {
            case TABLE -> table();
            case JSON -> rows.stream().map(Json::line).toList();
            case CSV -> commaSeparated();
            case MARKDOWN -> markdown();
        };
    }

    private List<String> commaSeparated() {
        List<String> lines = new ArrayList<>();
        lines.add(columns.stream().map(SweepColumn::name).collect(Collectors.joining(",")));
        for (SweepRow row : rows) {
            lines.add(columns.stream()
                    .map(column -> quoted(column.value().apply(row)))
                    .collect(Collectors.joining(",")));
        }
        return lines;
    }

    private static String quoted(@Nullable Object value) {
        String text = Objects.toString(value, "");
        boolean plain = text.chars().noneMatch(each -> each == ',' || each == '"' || each == '\n' || each == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private List<SweepColumn> shortColumns() {
        return columns.stream().filter(SweepColumn::isShort).toList();
    }

    private List<String> markdown() {
        List<String> lines = new ArrayList<>();
        List<SweepColumn> shown = shortColumns();
        lines.add("| " + shown.stream().map(SweepColumn::name).collect(Collectors.joining(" | ")) + " |");
        lines.add("|" + String.join("|", Collections.nCopies(shown.size(), "---")) + "|");
        for (SweepRow row : rows) {
            lines.add("| "
                    + shown.stream()
                            .map(column -> column.shown().apply(row).replace("|", "\\|"))
                            .collect(Collectors.joining(" | "))
                    + " |");
        }
        return lines;
    }

    private List<String> table() {
        List<SweepColumn> shown = shortColumns();
        List<List<String>> cells = new ArrayList<>();
        cells.add(shown.stream().map(SweepColumn::name).toList());
        rows.forEach(row -> cells.add(
                shown.stream().map(column -> column.shown().apply(row)).toList()));
        int[] widths = new int[shown.size()];
        for (List<String> line : cells) {
            for (int index = 0; index < widths.length; index++) {
                widths[index] = Math.max(widths[index], line.get(index).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> line : cells) {
            StringBuilder text = new StringBuilder();
            for (int index = 0; index < widths.length; index++) {
                text.append(" ".repeat(widths[index] - line.get(index).length()))
                        .append(line.get(index))
                        .append("  ");
            }
            lines.add(text.toString().stripTrailing());
        }
        return lines;
    }

    /**
     * What stands in no column: values that all settings share, and remarks.
     *
     * @param grid all settings, also those that were not measured
     */
    List<String> notes(List<Setting> grid) {
        List<String> notes = new ArrayList<>();
        Set<String> differing = new LinkedHashSet<>(SweepColumn.differing(grid));
        grid.stream().findFirst().ifPresent(setting -> {
            String shared = setting.values().entrySet().stream()
                    .filter(entry -> !differing.contains(entry.getKey()))
                    .map(Map.Entry::toString)
                    .collect(Collectors.joining(" "));
            if (!shared.isEmpty()) {
                notes.add("all settings: " + shared);
            }
        });
        for (SweepRow row : rows) {
            if (!row.remark().isEmpty()) {
                notes.add("setting " + row.number() + ": " + row.remark());
            }
        }
        return notes;
    }
}
