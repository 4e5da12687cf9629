package dev.hone.sweep;

import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How right answers are.
 *
 * @param metrics by the names of the public scripts; one that is not a number is null
 * @param intervals 95 % intervals of them
 * @param change of the task's main metric from the original's, in points, with its paired 95 % interval
 * @param agreement with the original's answers, whatever is right
 */
public record Score(
        Map<String, @Nullable Double> metrics,
        Map<String, Interval> intervals,
        Difference change,
        Map<String, @Nullable Double> agreement) {
    public Score {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
        agreement = Collections.unmodifiableMap(new LinkedHashMap<>(agreement));
    }
}
