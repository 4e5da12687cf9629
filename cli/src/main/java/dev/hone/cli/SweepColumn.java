package dev.hone.cli;

import dev.hone.evaluate.Judge;
import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import dev.hone.sweep.Cost;
import dev.hone.sweep.Score;
import dev.hone.sweep.Setting;
import dev.hone.sweep.SweepRow;
import dev.hone.sweep.SweepSubject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of the table of a sweep.
 *
 * @param isShort whether it stands in the tables for people, too
 * @param value a number or a text; null where there is none
 * @param shown the value for people
 */
record SweepColumn(
        String name, boolean isShort, Function<SweepRow, @Nullable Object> value, Function<SweepRow, String> shown) {
    private static final double MEGABYTE = 1e6;
    private static final double HUNDRED = 100;

    /**
     * All columns: what settings differ in, how right they are and what they take.
     *
     * @param grid all settings
     * @param subject whose figures are told
     */
    static List<SweepColumn> of(List<Setting> grid, SweepSubject subject) {
        List<SweepColumn> columns = new ArrayList<>();
        columns.add(plain("setting", true, SweepRow::number));
        for (String name : differing(grid)) {
            // The figure of that name keeps it.
            String title = name.equals("precision") ? "engine_precision" : name;
            columns.add(plain(title, true, row -> row.setting().values().get(name)));
        }
        Judge judge = subject.judge();
        scores(columns, judge.figures(subject.rows()), judge.agreement().names());
        cost(columns, "total_s", true, Cost::totalSeconds);
        cost(columns, "total_s_std", false, cost -> cost.repeats().standardDeviation());
        cost(columns, "samples_per_second", true, Cost::samplesPerSecond);
        cost(columns, "latency_ms", true, Cost::latencyMillis);
        cost(columns, "latency_p95_ms", false, Cost::latency95);
        columns.add(new SweepColumn("speed", true, of(Cost::speed), SweepColumn::speed));
        cost(columns, "speed_low95", false, cost -> cost.speedInterval().low());
        cost(columns, "speed_high95", false, cost -> cost.speedInterval().high());
        columns.add(plain("size_mb", true, row -> row.isMeasured() ? row.bytes() / MEGABYTE : null));
        columns.add(plain("remark", false, SweepRow::remark));
        return columns;
    }

    /** Names of parameters that do not have one value in all settings. */
    static List<String> differing(List<Setting> grid) {
        Set<String> names = new LinkedHashSet<>();
        grid.forEach(setting -> names.addAll(setting.values().keySet()));
        return names.stream()
                .filter(name -> grid.stream()
                                .map(setting -> String.valueOf(setting.values().get(name)))
                                .distinct()
                                .count()
                        > 1)
                .toList();
    }

    private static void scores(List<SweepColumn> columns, Set<String> metrics, Set<String> agreement) {
        for (String name : metrics) {
            score(columns, name, true, score -> score.metrics().get(name));
            score(
                    columns,
                    name + "_low95",
                    false,
                    score -> low(score.intervals().get(name)));
            score(
                    columns,
                    name + "_high95",
                    false,
                    score -> high(score.intervals().get(name)));
        }
        Function<SweepRow, @Nullable Object> change =
                row -> row.score() == null ? null : row.score().change().difference();
        columns.add(new SweepColumn("change", true, change, SweepColumn::change));
        score(columns, "change_low95", false, score -> low(score.change().interval()));
        score(columns, "change_high95", false, score -> high(score.change().interval()));
        boolean first = true;
        for (String name : agreement) {
            score(columns, name, first, score -> score.agreement().get(name));
            first = false;
        }
    }

    private static @Nullable Object low(@Nullable Interval interval) {
        return interval == null ? null : interval.low();
    }

    private static @Nullable Object high(@Nullable Interval interval) {
        return interval == null ? null : interval.high();
    }

    private static void score(
            List<SweepColumn> columns, String name, boolean isShort, Function<Score, @Nullable Object> value) {
        columns.add(plain(name, isShort, row -> {
            Score score = row.score();
            return score == null ? null : value.apply(score);
        }));
    }

    private static void cost(
            List<SweepColumn> columns, String name, boolean isShort, Function<Cost, @Nullable Object> value) {
        columns.add(plain(name, isShort, of(value)));
    }

    private static Function<SweepRow, @Nullable Object> of(Function<Cost, @Nullable Object> value) {
        return row -> {
            Cost cost = row.cost();
            return cost == null ? null : value.apply(cost);
        };
    }

    private static SweepColumn plain(String name, boolean isShort, Function<SweepRow, @Nullable Object> value) {
        return new SweepColumn(name, isShort, value, row -> text(value.apply(row)));
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (!(value instanceof Double number)) {
            return value.toString();
        }
        boolean large = Math.abs(number) >= HUNDRED;
        boolean small = Math.abs(number) < 1;
        return String.format(Locale.ROOT, large ? "%.1f" : small ? "%.4f" : "%.3f", number);
    }

    private static String change(SweepRow row) {
        Score score = row.score();
        if (score == null || row.number() == 0) {
            return "";
        }
        Difference change = score.change();
        return String.format(
                Locale.ROOT,
                "%+.2f [%+.2f, %+.2f]",
                change.difference(),
                change.interval().low(),
                change.interval().high());
    }

    private static String speed(SweepRow row) {
        Cost cost = row.cost();
        if (cost == null) {
            return "";
        }
        return row.number() == 0
                ? "1"
                : String.format(
                        Locale.ROOT,
                        "%.2f [%.2f, %.2f]",
                        cost.speed(),
                        cost.speedInterval().low(),
                        cost.speedInterval().high());
    }

    /** Rows by this column's values; rows without one come last in either direction. */
    Comparator<SweepRow> order(boolean descending) {
        Comparator<Object> values = SweepColumn::compare;
        return Comparator.comparing(
                (SweepRow row) -> value.apply(row), Comparator.nullsLast(descending ? values.reversed() : values));
    }

    private static int compare(Object first, Object second) {
        return first instanceof Number left && second instanceof Number right
                ? Double.compare(left.doubleValue(), right.doubleValue())
                : first.toString().compareTo(second.toString());
    }
}
