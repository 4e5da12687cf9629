package dev.hone.tensor;

/**
 * A row of floats as bytes: {@code value_i ≈ step · (q_i − zero)} with q from 0 to 255.
 *
 * <p>Asymmetric and dynamic: the range is that of the row itself, stretched to hold zero, which is represented exactly;
 * or static, with one {@link RowRange} for all rows in place of lo and hi. This is the definition that kernels agree
 * with bit for bit. Every float operation is f32 and rounded once:
 *
 * <pre>
 * lo = min(0, min x); hi = max(0, max x); range = hi − lo
 * inverse = range &gt; 0 ? 255 / range : 0; step = range / 255
 * zero = rint(−lo · inverse), from 0 to 255
 * q_i = rint(x_i · inverse) + zero, from 0 to 255
 * </pre>
 *
 * <p>rint takes the nearest integer, ties to even. Source: the affine quantisation of Jacob et al., "Quantization and
 * Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, applied to each row by itself.
 */
public final class QuantizedRow {
    private static final int LARGEST = 255;

    private final float step;
    private final int zero;
    private final int[] values;

    /** Quantises a row. */
    public static QuantizedRow of(float... row) {
        float lo = 0;
        float hi = 0;
        for (float value : row) {
            lo = Math.min(lo, value);
            hi = Math.max(hi, value);
        }
        float range = hi - lo;
        float inverse = range > 0 ? LARGEST / range : 0;
        return new QuantizedRow(range / LARGEST, Math.max(rint(-lo * inverse), 0), inverse, row);
    }

    /**
     * Quantises a row within a range; what lies beyond is cut off. {@code inverse}, {@code step} and {@code zero} are
     * those of the range; a row with a number that is not finite has the step NaN.
     */
    public static QuantizedRow within(RowRange range, float... row) {
        if (range.isOwn()) {
            return of(row);
        }
        float poison = 0;
        for (float value : row) {
            poison += value * 0;
        }
        return new QuantizedRow(range.step() + poison, range.zero(), range.inverse(), row);
    }

    private QuantizedRow(float step, int zero, float inverse, float[] row) {
        int[] values = new int[row.length];
        for (int index = 0; index < row.length; index++) {
            values[index] = Math.clamp(rint(row[index] * inverse) + zero, 0, LARGEST);
        }
        this.step = step;
        this.zero = zero;
        this.values = values;
    }

    /** Limited, because ranges below 255 / Float.MAX_VALUE have an infinite inverse. */
    private static int rint(float value) {
        return Math.clamp((long) Math.rint((double) value), -LARGEST, LARGEST);
    }

    /** The difference between the floats of neighbouring bytes. */
    public float step() {
        return step;
    }

    /** The byte that stands for 0. */
    public int zero() {
        return zero;
    }

    public int count() {
        return values.length;
    }

    /** A byte of the row, from 0 to 255. */
    public int value(int index) {
        return values[index];
    }

    /** The float that a byte of the row stands for. */
    public float restored(int index) {
        return step * (values[index] - zero);
    }
}
