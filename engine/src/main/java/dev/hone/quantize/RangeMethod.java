package dev.hone.quantize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a fixed range follows from the rows of calibration. */
public enum RangeMethod {
    /**
     * From the smallest to the largest number: nothing is cut off. Source: Krishnamoorthi, "Quantizing deep
     * convolutional networks for efficient inference: A whitepaper", 2018.
     */
    MINMAX,
    /**
     * Means of the smallest and of the largest number of each text, later ones at least 1 % each. Source: the moving
     * averages of Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
     * Inference", 2018.
     */
    AVERAGE,
    /**
     * Without the 0.005 % at each end. Source: Wu et al., "Integer Quantization for Deep Learning Inference: Principles
     * and Empirical Evaluation", 2020.
     */
    PERCENTILE,
    /**
     * The cut after which the distribution of the bytes tells most about that of the numbers (least Kullback-Leibler
     * divergence). Source: Migacz, "8-bit Inference with TensorRT", 2017.
     */
    ENTROPY;

    /** Watches the rows of one value. */
    public Observer observer() {
        return switch (this) {
            case MINMAX -> new ExtremesObserver();
            case AVERAGE -> new AverageObserver();
            case PERCENTILE -> new HistogramObserver(Histogram::percentiles);
            case ENTROPY -> new HistogramObserver(Histogram::leastDivergence);
        };
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws HoneException of category USAGE for an unknown label */
    public static RangeMethod parse(String label) {
        List<String> known = Arrays.stream(values()).map(RangeMethod::label).toList();
        int index = known.indexOf(label.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new HoneException(
                    Category.USAGE, "unknown calibration '" + label + "': use one of " + String.join(", ", known));
        }
        return values()[index];
    }
}
