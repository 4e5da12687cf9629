package dev.hone.calibrate;

import dev.hone.onnx.quantize.ValueRange;
import java.nio.FloatBuffer;

/** The least and the largest number: of all runs, or averaged over runs. */
final class ExtremesObserver implements RangeObserver {
    private final boolean averaged;
    private float least = Float.POSITIVE_INFINITY;
    private float largest = Float.NEGATIVE_INFINITY;
    private double leastSum;
    private double largestSum;
    private long runs;

    ExtremesObserver(boolean averaged) {
        this.averaged = averaged;
    }

    @Override
    public void add(FloatBuffer numbers) {
        float lo = Float.POSITIVE_INFINITY;
        float hi = Float.NEGATIVE_INFINITY;
        for (int index = numbers.position(); index < numbers.limit(); index++) {
            float number = numbers.get(index);
            if (Float.isFinite(number)) {
                lo = Math.min(lo, number);
                hi = Math.max(hi, number);
            }
        }
        if (lo <= hi) {
            least = Math.min(least, lo);
            largest = Math.max(largest, hi);
            leastSum += lo;
            largestSum += hi;
            runs++;
        }
    }

    @Override
    public ValueRange range() {
        if (runs == 0) {
            return new ValueRange(0, 0);
        }
        return averaged
                ? new ValueRange((float) (leastSum / runs), (float) (largestSum / runs))
                : new ValueRange(least, largest);
    }
}
