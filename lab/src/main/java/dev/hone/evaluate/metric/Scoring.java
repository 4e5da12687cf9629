package dev.hone.evaluate.metric;

import java.util.Map;
import java.util.Set;

/** Makes figures of outcomes; what a row's numbers are is said by each implementation. */
public interface Scoring {
    /** Numbers that are kept of a row. */
    int width();

    /** The figures of a sample that have an interval, by name in the order in which they are told. */
    Map<String, Double> metrics(Sample sample);

    /** The names of the metrics, of those that do not depend on the rows. */
    default Set<String> names() {
        return metrics(new Outcomes(width()).all()).keySet();
    }

    /** Figures beside the metrics that no interval is asked for, such as counts and thresholds. */
    default Map<String, Double> details(Sample sample) {
        return Map.of();
    }

    /** Whether one right or wrong a row is the first column (1 or 0), so that pairs of them can be tested. */
    default boolean countsRightRows() {
        return false;
    }
}
