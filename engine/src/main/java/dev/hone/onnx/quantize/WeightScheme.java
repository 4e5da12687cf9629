package dev.hone.onnx.quantize;

/**
 * How weights become bytes.
 *
 * @param type of the bytes
 * @param perColumn whether each column of a matrix has a scale of its own
 * @param symmetric whether the range of floats lies evenly about 0, so that the same byte stands for 0 everywhere
 * @param reducedRange whether 7 bits are used: sums of two products of such a byte and a u8 fit 16 bits, which is what
 *     processors without byte products sum them in
 */
public record WeightScheme(ByteType type, boolean perColumn, boolean symmetric, boolean reducedRange) {
    /** Signed bytes, one scale for a matrix, even about 0. */
    public static final WeightScheme SIGNED = new WeightScheme(ByteType.S8, false, true, false);

    private static final int REDUCED_HALF = 64;

    /** The smallest byte that is used where the range is not even about 0. */
    int smallest() {
        return !reducedRange ? type.smallest() : zeroInTheMiddle() - REDUCED_HALF;
    }

    /** The largest byte that is used where the range is not even about 0. */
    int largest() {
        return !reducedRange ? type.largest() : zeroInTheMiddle() + REDUCED_HALF - 1;
    }

    /** The byte that stands for 0 in a symmetric range. */
    int zeroInTheMiddle() {
        return switch (type) {
            case S8 -> 0;
            case U8 -> reducedRange ? REDUCED_HALF : type.middle();
        };
    }

    /** How many bytes lie on either side of 0 in a symmetric range; 2 · 255 · 64 fits 16 bits. */
    int half() {
        int full = type.largest() - type.middle();
        return !reducedRange ? full : type == ByteType.S8 ? REDUCED_HALF : REDUCED_HALF - 1;
    }

    /** Whether sums of two products with u8 bytes can exceed 16 bits. */
    public boolean canSaturate() {
        return type == ByteType.S8 && !reducedRange;
    }
}
