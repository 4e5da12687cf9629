package dev.hone.sweep;

import org.jspecify.annotations.Nullable;

/**
 * What became of a setting.
 *
 * @param number in the order of the grid; 0 for the original
 * @param bytes of its model on disk
 * @param score absent where it was not measured
 * @param cost absent where it was not measured
 * @param remark why it was not measured, or what a reader should know; empty where there is nothing to say
 */
public record SweepRow(
        int number,
        Setting setting,
        long bytes,
        @Nullable Score score,
        @Nullable Cost cost,
        String remark) {
    static SweepRow refused(int number, Setting setting, String reason) {
        return new SweepRow(number, setting, 0, null, null, reason);
    }

    public boolean isMeasured() {
        return score != null && cost != null;
    }

    /** Whether it was measured and its loss is more than the choice of rows explains: the interval leaves 0 out. */
    boolean loses() {
        return score != null && score.change().interval().high() < 0;
    }

    double speed() {
        return cost == null ? 0 : cost.speed();
    }
}
