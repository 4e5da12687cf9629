package dev.hone.sweep;

import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import java.util.Locale;

/**
 * What quantising some operator types does to a model that is otherwise the same.
 *
 * @param operators their names
 * @param nodes of them that work on bytes then
 * @param change of the main metric, in points, with its paired 95 % interval
 * @param speed how many times as quick: the median of the quotients of neighbouring turns
 * @param speedInterval its 95 % interval
 * @param bytesSaved on disk; negative where the file grew
 * @param bytesBefore of the file without them
 */
public record OperatorEffect(
        String operators,
        int nodes,
        Difference change,
        double speed,
        Interval speedInterval,
        long bytesSaved,
        long bytesBefore) {
    /** Savings below this part of the file are not worth a word. */
    private static final double LEAST_SAVED = 0.02;

    private static final double MEGABYTE = 1e6;

    /** Whether the loss is more than the choice of rows explains: its interval leaves zero out. */
    public boolean loses() {
        return change.interval().high() < 0;
    }

    public boolean isQuicker() {
        return speedInterval.low() > 1;
    }

    public boolean isSlower() {
        return speedInterval.high() < 1;
    }

    public boolean isSmaller() {
        return bytesSaved > LEAST_SAVED * bytesBefore;
    }

    /** Whether something is gained and nothing is shown to be lost. */
    public boolean isWorthIt() {
        return !loses() && !isSlower() && (isQuicker() || isSmaller());
    }

    /** Why it is worth it or not, as a sentence without its end. */
    public String reason() {
        String lost = loses()
                ? "loses " + points(-change.difference()) + " points, " + between() + " which leaves 0 out"
                : "no loss is shown, " + between() + " which holds 0";
        if (change.interval().low() > 0) {
            lost = "the score rises, " + between() + " which leaves 0 out";
        }
        String time = isQuicker()
                ? "it is quicker by " + factors()
                : isSlower() ? "it is slower, by " + factors() : "no difference in time is shown, " + factors();
        String size = isSmaller()
                ? String.format(Locale.ROOT, "; saves %.1f of %.1f MB", bytesSaved / MEGABYTE, bytesBefore / MEGABYTE)
                : "";
        return time + "; " + lost + size;
    }

    private String factors() {
        return String.format(Locale.ROOT, "×%.2f [%.2f, %.2f]", speed, speedInterval.low(), speedInterval.high());
    }

    private String between() {
        return String.format(
                Locale.ROOT,
                "%+.2f [%+.2f, %+.2f],",
                change.difference(),
                change.interval().low(),
                change.interval().high());
    }

    private static String points(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
