package dev.hone.quantize;

import dev.hone.tensor.RowRange;
import java.util.function.Function;

/** See {@link RangeMethod#PERCENTILE} and {@link RangeMethod#ENTROPY}. */
final class HistogramObserver implements Observer {
    private final Histogram histogram = new Histogram();
    private final Function<Histogram, RowRange> choice;

    HistogramObserver(Function<Histogram, RowRange> choice) {
        this.choice = choice;
    }

    @Override
    public void observe(float... rows) {
        for (float value : rows) {
            histogram.add(value);
        }
    }

    @Override
    public RowRange range() {
        return choice.apply(histogram);
    }
}
