package dev.hone.calibrate;

import dev.hone.HoneException;
import dev.hone.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a range follows from the numbers that a value had. */
public enum CalibrationMethod {
    /** From the least number to the largest. */
    MINMAX,
    /** From the mean of the texts' least numbers to the mean of their largest. */
    AVERAGE,
    /** What holds nearly all numbers; the rest is cut off on both sides. */
    PERCENTILE,
    /** What loses the least information about how the numbers are distributed. */
    ENTROPY;

    /** The lower-case name in options. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @param percentile of the numbers that lie inside the range, above 50 and at most 100 */
    RangeObserver observer(double percentile) {
        return switch (this) {
            case MINMAX -> new ExtremesObserver(false);
            case AVERAGE -> new ExtremesObserver(true);
            case PERCENTILE -> new HistogramObserver(histogram -> histogram.percentile(percentile));
            case ENTROPY -> new HistogramObserver(LeastDivergence::range);
        };
    }

    /**
     * The method of a name.
     *
     * @throws HoneException of category {@code USAGE} for an unknown one
     */
    public static CalibrationMethod parse(String name) {
        List<String> known =
                Arrays.stream(values()).map(CalibrationMethod::label).toList();
        int found = known.indexOf(name.toLowerCase(Locale.ROOT));
        if (found < 0) {
            throw new HoneException(
                    HoneException.Category.USAGE,
                    "unknown calibration '" + name + "': use one of " + String.join(", ", known)
                            + NearestName.question(name, known));
        }
        return values()[found];
    }
}
