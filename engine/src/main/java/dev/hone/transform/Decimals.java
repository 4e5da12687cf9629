package dev.hone.transform;

/** Attributes from constants of a file: 32-bit constants were written as short decimals once. */
final class Decimals {
    private Decimals() {}

    /**
     * The shortest decimal that reads back as the same f32: 1e-12 for the f32 next to it, so that an attribute from an
     * exported file equals the one from a configuration.
     */
    static double shortest(double number) {
        return Double.parseDouble(Float.toString((float) number));
    }
}
