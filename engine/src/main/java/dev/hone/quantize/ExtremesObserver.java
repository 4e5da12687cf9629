package dev.hone.quantize;

import dev.hone.tensor.RowRange;

/** See {@link RangeMethod#MINMAX}. */
final class ExtremesObserver implements Observer {
    private float low;
    private float high;

    @Override
    public void observe(float... rows) {
        for (float value : rows) {
            if (Float.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
    }

    @Override
    public RowRange range() {
        return RowRange.of(low, high);
    }
}
