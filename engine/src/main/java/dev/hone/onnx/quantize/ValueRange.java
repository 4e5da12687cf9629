package dev.hone.onnx.quantize;

/**
 * Between which floats a value of a graph lies, as was found by running it.
 *
 * @param lo finite
 * @param hi finite, not below {@code lo}
 */
public record ValueRange(float lo, float hi) {
    public ValueRange {
        if (!(lo <= hi) || !Float.isFinite(lo) || !Float.isFinite(hi)) {
            throw new IllegalArgumentException("a range from " + lo + " to " + hi);
        }
    }
}
