package dev.hone.kernel;

/** How a row of values lies in memory. Rows are measured in words of 32 bits, and begin at a multiple of 16 of them. */
public enum RowForm {
    /** One f32 a word. */
    FLOATS,
    /** Two bf16 numbers a word, rounded to nearest even; a last odd one is followed by zero. */
    BFLOATS,
    /**
     * Four unsigned bytes a word, then the row's step (f32) and its zero point (i32): value ≈ step · (byte - zero) of
     * the row after its rotation, or of the row itself when the range is fixed, by the arithmetic of
     * {@link dev.hone.tensor.QuantizedRow}. Where a column is not finite, step is NaN and bytes are any.
     */
    QUANTIZED;

    /** Words of a row, without padding. */
    public int words(int columns) {
        return switch (this) {
            case FLOATS -> columns;
            case BFLOATS -> Math.ceilDiv(columns, 2);
            case QUANTIZED -> Math.ceilDiv(columns, 4) + 2;
        };
    }

    /** The lower-case name in problem lines. */
    String label() {
        return switch (this) {
            case FLOATS -> "f32";
            case BFLOATS -> "bf16";
            case QUANTIZED -> "u8";
        };
    }
}
