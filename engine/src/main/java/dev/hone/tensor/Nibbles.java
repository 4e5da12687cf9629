package dev.hone.tensor;

/** Weights of four bits: whole numbers with a scale for each group of neighbours in a row. */
public final class Nibbles {
    /** Neighbours in a row that share a scale; the last group of a row may have fewer. */
    public static final int GROUP = 32;

    /** The least of them. */
    public static final int LOWEST = -8;

    /** The greatest of them. */
    public static final int HIGHEST = 7;

    private Nibbles() {}

    /** Groups of a row. */
    public static int groups(int rowLength) {
        return Math.ceilDiv(rowLength, GROUP);
    }

    /** rint(value / scale), limited to what four bits hold; 0 where the scale is 0. */
    public static float of(float value, float scale) {
        return scale == 0 ? 0 : (float) Math.clamp(Math.rint((double) (value / scale)), LOWEST, HIGHEST);
    }
}
