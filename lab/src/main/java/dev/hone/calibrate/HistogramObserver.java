package dev.hone.calibrate;

import dev.hone.onnx.quantize.ValueRange;
import java.nio.FloatBuffer;
import java.util.function.Function;

/** A range that follows from how the numbers of all runs are distributed. */
final class HistogramObserver implements RangeObserver {
    private final Histogram histogram = new Histogram();
    private final Function<Histogram, ValueRange> choice;

    HistogramObserver(Function<Histogram, ValueRange> choice) {
        this.choice = choice;
    }

    @Override
    public void add(FloatBuffer numbers) {
        for (int index = numbers.position(); index < numbers.limit(); index++) {
            float number = numbers.get(index);
            if (Float.isFinite(number)) {
                histogram.add(number);
            }
        }
    }

    @Override
    public ValueRange range() {
        return histogram.total() == 0 ? new ValueRange(0, 0) : choice.apply(histogram);
    }
}
