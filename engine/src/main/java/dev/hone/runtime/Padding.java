package dev.hone.runtime;

/** Rows of activations are padded to whole vectors of the widest instruction set. */
final class Padding {
    private static final int FLOATS = 16;

    private Padding() {}

    static int padded(int width) {
        return Math.ceilDiv(width, FLOATS) * FLOATS;
    }
}
