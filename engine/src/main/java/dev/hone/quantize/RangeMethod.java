package dev.hone.quantize;

import dev.hone.HoneException;
import dev.hone.NearestName;
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
     * Without a small part at each end, usually 0.005 %. Source: Wu et al., "Integer Quantization for Deep Learning
     * Inference: Principles and Empirical Evaluation", 2020.
     */
    PERCENTILE,
    /**
     * The cut after which the distribution of the bytes tells most about that of the numbers (least Kullback-Leibler
     * divergence). Source: Migacz, "8-bit Inference with TensorRT", 2017.
     */
    ENTROPY;

    /** Of a hundred numbers, those inside of a range. */
    public static final double USUAL_PERCENTILE = 99.99;

    /** Watches the rows of one value. */
    public Observer observer() {
        return observer(USUAL_PERCENTILE);
    }

    /**
     * Watches the rows of one value.
     *
     * @param percentile for {@link #PERCENTILE}: the part of the numbers, of a hundred, that lies inside the range
     */
    public Observer observer(double percentile) {
        return switch (this) {
            case MINMAX -> new ExtremesObserver();
            case AVERAGE -> new AverageObserver();
            case PERCENTILE -> new HistogramObserver(histogram -> histogram.percentile(percentile));
            case ENTROPY -> new HistogramObserver(Histogram::leastDivergence);
        };
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws HoneException of category USAGE for an unknown label */
    public static RangeMethod parse(String label) {
        return NearestName.choose("calibration", label, List.of(values()), RangeMethod::label);
    }
}
