package dev.hone.optimize;

import dev.hone.measure.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Ways that answer and are timed while there is time, with what is to be said of them.
 *
 * @param notes what a reader should know of the search, in sentences
 */
record Race(
        Field field, Budget budget, SearchSettings settings, Progress progress, Reasons reasons, List<String> notes) {
    /** What opening, warming up and timing a way takes beyond its answers, before it was measured. */
    static final double OPENING_SECONDS = 2;

    static Race of(Field field, Budget budget, SearchSettings settings, Progress progress) {
        return new Race(field, budget, settings, progress, new Reasons(field), new ArrayList<>());
    }

    /** Lets a way answer a sample and times it. */
    void sample(Way way) {
        double seconds = OPENING_SECONDS + 2 * settings.seconds();
        if (!hasTime(seconds) && field.ways().size() > 1) {
            notes.add(way + " was not looked at: the budget of " + budget + " was over (go on with --resume)");
        } else {
            field.sample(way);
        }
        progress.step();
    }

    /** Lets a way answer all rows when that leaves hope. */
    void finish(Way way) {
        double seconds = OPENING_SECONDS + field.rowsLeft() * field.secondsPerRow(way);
        if (!way.isSingle() && field.isHopeless(way)) {
            reasons.add(way, "already a sample of the rows showed that it loses more than is allowed");
        } else if (field.isKnown(way) || hasTime(seconds)) {
            field.finish(way);
        } else {
            String promise = way.isSingle()
                    ? "; f32 keeps the promise without them, since it computes what the original does"
                    : "";
            reasons.add(way, "the time was over before it had answered all rows (go on with --resume)" + promise);
        }
    }

    /** Whether so many seconds may be spent: the check on held-out rows must still be possible afterwards. */
    boolean hasTime(double seconds) {
        double reserve = 2 * field.heldOutRows() * field.secondsPerRow(Way.ORIGINAL) + OPENING_SECONDS;
        return budget.has(seconds + reserve);
    }

    List<Decision.Judged> ranked() {
        return Decision.ranked(field.judged(), field.mostPoints());
    }
}
