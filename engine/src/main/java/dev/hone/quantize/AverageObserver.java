package dev.hone.quantize;

import dev.hone.tensor.RowRange;

/** See {@link RangeMethod#AVERAGE}. */
final class AverageObserver implements Observer {
    /** So many texts have equal parts; from then on the newest has this part of all. */
    private static final int EQUAL_PARTS = 100;

    private double low;
    private double high;
    private int seen;

    @Override
    public void observe(float... rows) {
        ExtremesObserver extremes = new ExtremesObserver();
        extremes.observe(rows);
        seen = Math.min(seen + 1, EQUAL_PARTS);
        low += (extremes.range().low() - low) / seen;
        high += (extremes.range().high() - high) / seen;
    }

    @Override
    public RowRange range() {
        return RowRange.of(low, high);
    }
}
