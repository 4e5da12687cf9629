package dev.hone.kernel;

/** What a linear layer multiplies, and how its operands lie in words of 32 bits. */
public enum LinearProduct {
    /** f32 inputs and weights. */
    FLOATS("f32", RowForm.FLOATS, 1, Float.BYTES),
    /** f32 inputs, f16 weights that are widened as they are read. */
    HALF_WEIGHTS("f32xf16", RowForm.FLOATS, 1, Short.BYTES),
    /** f32 inputs, bf16 weights that are widened as they are read. */
    BFLOAT_WEIGHTS("f32xbf16", RowForm.FLOATS, 1, Short.BYTES),
    /** bf16 inputs and weights, f32 sums; where {@link dev.hone.machine.Isa#hasBfloatProducts}. */
    BFLOATS("bf16", RowForm.BFLOATS, 2, Integer.BYTES),
    /** Unsigned bytes times signed bytes, exact integer sums. */
    BYTES("u8xs8", RowForm.QUANTIZED, 4, Integer.BYTES);

    private final String label;
    private final RowForm input;
    private final int depthsPerWord;
    private final int weightBytes;

    LinearProduct(String label, RowForm input, int depthsPerWord, int weightBytes) {
        this.label = label;
        this.input = input;
        this.depthsPerWord = depthsPerWord;
        this.weightBytes = weightBytes;
    }

    String label() {
        return label;
    }

    /** The form of the rows that are multiplied. */
    public RowForm input() {
        return input;
    }

    /** Whether inputs and weights have 16 or fewer bits: the sums are then off by more than a rough activation adds. */
    public boolean roundsBothOperands() {
        return input != RowForm.FLOATS;
    }

    /** Inputs whose products one step of the inner loop adds up. */
    int depthsPerWord() {
        return depthsPerWord;
    }

    /** Steps of the inner loop. */
    public int words(int depth) {
        return Math.ceilDiv(depth, depthsPerWord);
    }

    /** Bytes of the weights of one column in one step. */
    int weightBytes() {
        return weightBytes;
    }

    /** Lines of 32-bit values that head a panel: the bias; for bytes also the scales and the sums of the weights. */
    int headerLines() {
        return this == BYTES ? 3 : 1;
    }
}
