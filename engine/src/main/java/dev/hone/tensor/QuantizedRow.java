package dev.hone.tensor;

/**
 * A row of floats as bytes: {@code value_i ≈ step · (q_i − zero)} with q from 0 to 255.
 *
 * <p>Asymmetric and dynamic: the row is mixed by its {@link Rotation}, and the range is that of the mixed row itself,
 * stretched to hold zero, which is represented exactly. Or static: the row as it is, with one {@link RowRange} for all
 * rows in place of lo and hi. This is the definition that kernels agree with bit for bit. Every float operation is f32
 * and rounded once:
 *
 * <pre>
 * lo = min(0, min x); hi = max(0, max x); range = hi − lo
 * inverse = range &gt; 0 ? min(255 / range, the largest float) : 0; step = range / 255
 * zero = rint(−lo · inverse), from 0 to 255
 * q_i = rint(x_i · inverse + zero), from 0 to 255      x_i · inverse rounded, its sum with zero not
 * </pre>
 *
 * <p>rint takes the nearest integer, ties to even. A row with a number that is not finite has the step NaN and any
 * bytes. Source: the affine quantisation of Jacob et al., "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", 2018, applied to each row by itself.
 */
public final class QuantizedRow {
    private static final int LARGEST = 255;

    private final float step;
    private final int zero;
    private final int[] values;

    /** Mixes and quantises a row. */
    public static QuantizedRow of(float... row) {
        float[] mixed = row.clone();
        new Rotation(row.length).apply(mixed);
        float lo = 0;
        float hi = 0;
        for (float value : mixed) {
            lo = Math.min(lo, value);
            hi = Math.max(hi, value);
        }
        float range = hi - lo;
        float inverse = range > 0 ? Math.min(LARGEST / range, Float.MAX_VALUE) : 0;
        int zero = Math.clamp((long) Math.rint((double) (-lo * inverse)), 0, LARGEST);
        return new QuantizedRow(range / LARGEST + poison(mixed), zero, inverse, mixed);
    }

    /**
     * Quantises a row within a range; what lies beyond is cut off. {@code inverse}, {@code step} and {@code zero} are
     * those of the range.
     */
    public static QuantizedRow within(RowRange range, float... row) {
        if (range.isOwn()) {
            return of(row);
        }
        return new QuantizedRow(range.step() + poison(row), range.zero(), range.inverse(), row);
    }

    /** 0, or NaN for a row with a number that is not finite. */
    private static float poison(float... row) {
        float poison = 0;
        for (float value : row) {
            poison += value * 0;
        }
        return poison;
    }

    private QuantizedRow(float step, int zero, float inverse, float[] row) {
        int[] values = new int[row.length];
        for (int index = 0; index < row.length; index++) {
            float scaled = Math.clamp(row[index] * inverse, -LARGEST, LARGEST);
            values[index] = Math.clamp((long) Math.rint((double) scaled + zero), 0, LARGEST);
        }
        this.step = step;
        this.zero = zero;
        this.values = values;
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

    /** The float that a byte of the row stands for: of the mixed row, when the range is the row's own. */
    public float restored(int index) {
        return step * (values[index] - zero);
    }
}
