package dev.hone.onnx.quantize;

/**
 * What bytes stand for: {@code value ≈ scale · (byte − zero)}.
 *
 * <p>Made of a range of floats, stretched to hold 0, which is represented exactly. Every float operation is f32:
 *
 * <pre>
 * symmetric:   scale = max(−lo, hi) / half;             zero = the byte in the middle
 * asymmetric:  scale = (hi − lo) / (largest − smallest); zero = rint(smallest − lo / scale)
 * byte = rint(value / scale) + zero, limited to the bytes that are used
 * </pre>
 *
 * <p>A range of nothing (and one so short that its scale is no normal number) has the scale 1. rint takes the nearest
 * integer, ties to even, as the operator QuantizeLinear does. Source: Jacob et al., "Quantization and Training of
 * Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018.
 *
 * @param scale positive
 * @param smallest the smallest byte used
 * @param largest the largest byte used
 */
public record Affine(float scale, int zero, int smallest, int largest) {
    /** For weights between two floats. */
    public static Affine ofWeights(WeightScheme scheme, float lo, float hi) {
        return scheme.symmetric()
                ? symmetric(lo, hi, scheme.zeroInTheMiddle(), scheme.half())
                : asymmetric(lo, hi, scheme.smallest(), scheme.largest());
    }

    /**
     * For values between two floats.
     *
     * @param symmetric whether the middle byte stands for 0; the smallest byte of the type is then not used
     */
    public static Affine ofRange(ByteType type, boolean symmetric, float lo, float hi) {
        return symmetric
                ? symmetric(lo, hi, type.middle(), type.largest() - type.middle())
                : asymmetric(lo, hi, type.smallest(), type.largest());
    }

    private static Affine symmetric(float lo, float hi, int zero, int half) {
        float scale = Math.max(Math.max(-lo, hi), 0) / half;
        return new Affine(usable(scale), zero, zero - half, zero + half);
    }

    private static Affine asymmetric(float lo, float hi, int smallest, int largest) {
        float from = Math.min(lo, 0);
        float range = Math.max(hi, 0) - from;
        float scale = usable(range / (largest - smallest));
        int zero = Math.clamp((long) Math.rint((double) (smallest - from / scale)), smallest, largest);
        return new Affine(scale, zero, smallest, largest);
    }

    private static float usable(float scale) {
        return scale < Float.MIN_NORMAL ? 1 : scale;
    }

    /** The byte of a value, as an integer of the type's range. */
    public int quantized(float value) {
        return Math.clamp((long) Math.rint((double) (value / scale)) + zero, smallest, largest);
    }

    /** The value that a byte stands for. */
    public float restored(int quantized) {
        return scale * (quantized - zero);
    }
}
