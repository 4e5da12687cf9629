package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.HexFormat;

/**
 * Self-attention of some heads of one sequence: softmax(scale · Q · Kᵀ) · V, each row of it from the sequence's own
 * keys.
 *
 * <p>Arguments of the function, strides in words of 32 bits: {@code (QKV, strideQKV, out, strideOut, scratch,
 * firstRow, length,
 * firstHead, endHead, width)}. QKV and out point at row 0 of their buffers; the sequence is the rows
 * {@code firstRow … firstRow + length - 1}. A row of QKV holds the queries of all heads, then the keys, then the
 * values,
 * {@code width = heads · headSize} elements each. Scratch is {@link #scratchBytes} of memory of the caller's own,
 * aligned
 * to 64 bytes. Only the columns of the given heads are written.
 *
 * <p>Softmax runs in one pass over blocks of keys with a running maximum and sum (Milakov and Gimelshein, "Online
 * normalizer calculation for softmax"; Dao et al., "FlashAttention"): scores exist for one tile of queries and
 * {@value #BLOCK_KEYS} keys at a time. Each row is computed by the same operations in the same order whatever the tile
 * that it falls into, so its bits depend on its sequence alone.
 *
 * <p>With rows of bf16, queries and keys are multiplied as they are, and each weight of softmax is rounded to bf16
 * before
 * it is multiplied with a value; scores, softmax and sums are f32.
 *
 * @param headSize columns of a head, at least 1; even for bf16
 * @param scale what scores are multiplied with
 * @param input FLOATS, or BFLOATS where the instruction set has bf16 products
 * @param output FLOATS, or BFLOATS on the same condition
 */
public record AttentionKernel(Isa isa, int headSize, float scale, RowForm input, RowForm output) implements Kernel {
    /** Lanes of a vector, also where registers are narrower: the order of sums then is the same everywhere. */
    static final int LANES = RowEmitter.LANES;

    /** Keys whose scores are held at a time; a multiple of every tile's width. */
    static final int BLOCK_KEYS = 256;

    /** Tiles of queries; rows of scores and sums in scratch. */
    static final int MOST_TILE_ROWS = 8;

    public AttentionKernel {
        if (headSize < 1) {
            throw new IllegalArgumentException("head size " + headSize);
        }
        boolean bfloats = input == RowForm.BFLOATS || output == RowForm.BFLOATS;
        if (bfloats && !isa.hasBfloatProducts()) {
            throw new IllegalArgumentException(isa.label() + " has no bf16 arithmetic");
        }
        if (input == RowForm.BFLOATS && headSize % 2 != 0) {
            throw new IllegalArgumentException("bf16 attention takes columns in pairs, not " + headSize);
        }
    }

    @Override
    public String line() {
        return "attention isa=" + isa.label() + " head=" + headSize + " scale=" + scale + " input=" + input.label()
                + " output=" + output.label();
    }

    @Override
    public String symbol() {
        String scaleBits = HexFormat.of().toHexDigits(Float.floatToRawIntBits(scale));
        return "hone_attention_" + isa.label() + "_" + headSize + "_" + scaleBits + "_" + input.label() + "_"
                + output.label();
    }

    /** Bytes of scratch memory for sequences of up to the given length. */
    public long scratchBytes(int length) {
        long keys = (long) groups(length) * headWords() * LANES;
        long values = (long) valueLines(length) * paddedHead();
        long tiles = MOST_TILE_ROWS * (BLOCK_KEYS + paddedHead() + 2L * LANES);
        return (keys + values + tiles) * Float.BYTES;
    }

    private static int groups(int length) {
        return Math.ceilDiv(length, LANES);
    }

    private int valueLines(int length) {
        return Math.ceilDiv(length, keysPerWord());
    }

    /** What scores and values are multiplied as. */
    LinearProduct product() {
        return input == RowForm.BFLOATS ? LinearProduct.BFLOATS : LinearProduct.FLOATS;
    }

    /** Keys whose values lie in one word. */
    int keysPerWord() {
        return product().depthsPerWord();
    }

    /** Words of a head's queries or keys. */
    int headWords() {
        return product().words(headSize);
    }

    /** Columns of a head with the padding of the last vector. */
    int paddedHead() {
        return Math.ceilDiv(headSize, LANES) * LANES;
    }

    @Override
    public void emit(ModuleEmitter module) {
        new AttentionEmitter(this, module).emit();
    }
}
