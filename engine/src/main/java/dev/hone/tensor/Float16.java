package dev.hone.tensor;

/** Conversion of the two 16-bit floating-point formats. */
public final class Float16 {
    private Float16() {}

    /** Widens a brain float (8 exponent bits, 7 fraction bits); exact. */
    public static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to the nearest brain float, ties to even; NaN stays NaN. */
    public static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        int rounding = 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + rounding) >>> 16);
    }

    /** Widens an IEEE 754 half; exact. */
    public static float fromHalf(short bits) {
        return Float.float16ToFloat(bits);
    }

    /** Rounds to the nearest IEEE 754 half, ties to even. */
    public static short toHalf(float value) {
        return Float.floatToFloat16(value);
    }
}
