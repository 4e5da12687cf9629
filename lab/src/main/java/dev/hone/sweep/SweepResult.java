package dev.hone.sweep;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param rows the original's first, then the grid's in their order
 * @param selection absent where no operator types were compared
 * @param unmeasured settings that were left for want of time
 */
public record SweepResult(List<SweepRow> rows, @Nullable Selection selection, int unmeasured) {
    public SweepResult {
        rows = List.copyOf(rows);
    }

    /** The quickest row of the grid that is not shown to lose anything. */
    public Optional<SweepRow> quickest() {
        return rows.stream()
                .filter(row -> row.number() > 0 && row.isMeasured() && !row.loses())
                .max(Comparator.comparingDouble(SweepRow::speed));
    }
}
