package dev.hone.cli;

import dev.hone.evaluate.data.DataFile;
import dev.hone.measure.Progress;
import dev.hone.sweep.Cost;
import dev.hone.sweep.Grid;
import dev.hone.sweep.Setting;
import dev.hone.sweep.SweepFile;
import dev.hone.sweep.SweepListener;
import dev.hone.sweep.SweepRow;
import dev.hone.sweep.SweepSubject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says on standard error what a sweep will do and how it goes. */
final class SweepLines implements SweepListener {
    private static final double MINUTE = 60;

    private final PrintWriter err;
    private final Progress progress;

    SweepLines(PrintWriter err, Progress progress) {
        this.err = err;
        this.progress = progress;
    }

    /** What is going to be measured. */
    static List<String> plan(SweepFile wanted) {
        Grid grid = wanted.grid();
        List<String> lines = new ArrayList<>();
        lines.add(grid.combinations() + " combinations, " + grid.settings().size() + " of them different, × "
                + wanted.repeats() + " repeats on " + wanted.data().samples() + " rows at most");
        grid.notes().forEach(note -> lines.add("left out " + note));
        return lines;
    }

    /** What every setting answers. */
    static String rows(DataFile data, SweepSubject subject) {
        return "data: " + data.path() + ", " + subject.rows().size() + " rows, "
                + subject.calibrationRows().size() + " others to calibrate on";
    }

    @Override
    public void measured(SweepRow row, int done, int all, double secondsLeft) {
        Cost cost = row.cost();
        String found = cost == null
                ? row.remark()
                : String.format(
                        Locale.ROOT,
                        "%.2f ms, %.2f times the original's speed%s",
                        cost.latencyMillis(),
                        cost.speed(),
                        row.remark().isEmpty() ? "" : " (" + row.remark() + ")");
        err.printf("%d of %d  %s: %s; %s%n", done, all, row.setting(), found, left(secondsLeft));
        err.flush();
    }

    private static String left(double seconds) {
        return seconds < MINUTE
                ? String.format(Locale.ROOT, "about %.0f s left", seconds)
                : String.format(Locale.ROOT, "about %.1f min left", seconds / MINUTE);
    }

    @Override
    public void selecting(Setting base, int operators) {
        err.println("operator types by themselves, in: " + base);
        progress.begin("operator types", operators);
    }

    @Override
    public void selected() {
        progress.step();
    }
}
