package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import dev.hone.sweep.SweepRow;
import java.util.Comparator;
import java.util.List;

/**
 * What the rows of a sweep are sorted by.
 *
 * @param column its name
 */
record SweepOrder(String column, boolean descending) {
    /** As the settings are numbered. */
    static final SweepOrder BY_SETTING = new SweepOrder("setting", false);

    /**
     * Reads an option.
     *
     * @param sort a column's name, perhaps with {@code :desc} or {@code :asc} behind it
     * @throws HoneException of category {@code USAGE} when there is no such direction
     */
    static SweepOrder parse(String sort) {
        int colon = sort.lastIndexOf(':');
        if (colon < 0) {
            return new SweepOrder(sort, false);
        }
        String direction = sort.substring(colon + 1);
        boolean descending = switch (direction) {
            case "desc" -> true;
            case "asc" -> false;
            default ->
                throw new HoneException(
                        Category.USAGE, "--sort: '" + direction + "' is no direction; give NAME:asc or NAME:desc");
        };
        return new SweepOrder(sort.substring(0, colon), descending);
    }

    /** @throws HoneException of category {@code USAGE} when there is no such column */
    Comparator<SweepRow> of(List<SweepColumn> columns) {
        List<String> names = columns.stream().map(SweepColumn::name).toList();
        if (!names.contains(column)) {
            throw new HoneException(
                    Category.USAGE,
                    "--sort " + column + ": use one of " + String.join(", ", names)
                            + NearestName.question(column, names));
        }
        return columns.get(names.indexOf(column)).order(descending);
    }
}
