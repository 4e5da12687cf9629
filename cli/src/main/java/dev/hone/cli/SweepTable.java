package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import dev.hone.measure.Json;
import dev.hone.sweep.SweepRow;
import java.util.ArrayList;
import java.util.Collections;
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

    /** @param sort a column's name, perhaps with {@code :desc} or {@code :asc} behind it */
    static SweepTable sorted(List<SweepRow> rows, String sort) {
        int colon = sort.lastIndexOf(':');
        String name = colon < 0 ? sort : sort.substring(0, colon);
        String direction = colon < 0 ? "asc" : sort.substring(colon + 1);
        List<SweepColumn> columns = SweepColumn.of(rows);
        List<String> names = columns.stream().map(SweepColumn::name).toList();
        SweepColumn by = columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new HoneException(
                        Category.USAGE,
                        "--sort " + name + ": use one of " + String.join(", ", names)
                                + NearestName.question(name, names)));
        List<SweepRow> sorted =
                rows.stream().sorted(by.order(isDescending(direction))).toList();
        return new SweepTable(sorted, columns);
    }

    /** Whether a direction is downwards; refuses what is none before anything is measured. */
    static boolean isDescending(String direction) {
        return switch (direction) {
            case "desc" -> true;
            case "asc" -> false;
            default ->
                throw new HoneException(
                        Category.USAGE, "--sort: '" + direction + "' is no direction; give NAME:asc or NAME:desc");
        };
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

    /** What stands in no column: values that all settings share, and remarks. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        Set<String> differing = new LinkedHashSet<>(SweepColumn.differing(rows));
        rows.stream().filter(row -> row.number() > 0).findFirst().ifPresent(row -> {
            String shared = row.setting().values().entrySet().stream()
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
