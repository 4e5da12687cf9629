package dev.hone.kernel;

import dev.hone.graph.Op;
import dev.hone.machine.Isa;
import dev.hone.tensor.Nibbles;

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
    BYTES("u8xs8", RowForm.QUANTIZED, 4, Integer.BYTES),
    /**
     * Unsigned bytes times weights of four bits, exact integer sums within a group of inputs, f32 sums of the groups
     * with a scale each: {@link Op.GroupedLinear}. A step of the inner loop is a group.
     */
    NIBBLES("u8xs4", RowForm.QUANTIZED, 4, Nibbles.GROUP / 2 + Short.BYTES);

    private final String label;
    private final RowForm input;
    private final int depthsPerWord;
    private final int stepBytes;

    LinearProduct(String label, RowForm input, int depthsPerWord, int stepBytes) {
        this.label = label;
        this.input = input;
        this.depthsPerWord = depthsPerWord;
        this.stepBytes = stepBytes;
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

    /** Inputs in a word of a row. */
    int depthsPerWord() {
        return depthsPerWord;
    }

    /** Words of a row of inputs. */
    public int words(int depth) {
        return Math.ceilDiv(depth, depthsPerWord);
    }

    /** Words of a row that one step of the inner loop multiplies. */
    int wordsPerStep() {
        return this == NIBBLES ? Nibbles.GROUP / depthsPerWord : 1;
    }

    /** Inputs whose products one step of the inner loop adds up. */
    int depthsPerStep() {
        return wordsPerStep() * depthsPerWord;
    }

    /** Bytes of the weights of one column in one step, the scale of a group included. */
    int stepBytes() {
        return stepBytes;
    }

    /** Those of them that hold the scale. */
    int scaleBytes() {
        return this == NIBBLES ? Short.BYTES : 0;
    }

    /**
     * Lines of 32-bit values that head a panel: the bias; for bytes also the scales and the sums of the weights; for
     * nibbles the sums of the weights times their scales.
     */
    int headerLines() {
        return switch (this) {
            case FLOATS, HALF_WEIGHTS, BFLOAT_WEIGHTS, BFLOATS -> 1;
            case NIBBLES -> 2;
            case BYTES -> 3;
        };
    }

    /** Scales that the weights of a column come with. */
    public int scales(int depth) {
        return switch (this) {
            case FLOATS, HALF_WEIGHTS, BFLOAT_WEIGHTS, BFLOATS -> 0;
            case BYTES -> 1;
            case NIBBLES -> Nibbles.groups(depth);
        };
    }

    /** Whether bytes are widened before they are multiplied, which takes two registers an operand. */
    public boolean widens(Isa isa) {
        return (this == BYTES || this == NIBBLES) && !isa.hasByteProducts() && !sumsInShorts(isa);
    }

    /**
     * Whether the sums of a group stay in 16 bits: 32 products of a byte and a nibble fall into 2 of them, and
     * 16 · 255 · 8 = 32640.
     */
    boolean sumsInShorts(Isa isa) {
        return this == NIBBLES && (isa == Isa.AVX2 || isa == Isa.AVX512);
    }

    /** Whether bytes of rows are multiplied as signed ones, {@link NeonProduct#CENTRE} less than they are. */
    boolean centresInputs(Isa isa) {
        return input == RowForm.QUANTIZED && NeonProduct.centres(isa);
    }
}
