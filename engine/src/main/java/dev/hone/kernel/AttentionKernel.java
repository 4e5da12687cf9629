package dev.hone.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.hone.machine.Isa;
import java.lang.foreign.FunctionDescriptor;

/**
 * Self-attention of some heads of one sequence: softmax(scale · Q · Kᵀ) · V, each row of it from the sequence's own
 * keys.
 *
 * <p>Arguments of the function, strides in floats: {@code (QKV, strideQKV, out, strideOut, scratch, firstRow, length,
 * firstHead, endHead, width)}. QKV and out point at row 0 of their buffers; the sequence is the rows
 * {@code firstRow … firstRow + length - 1}. A row of QKV holds the queries of all heads, then the keys, then the
 * values,
 * {@code width = heads · headSize} floats each. Scratch is {@link #scratchBytes} of memory of the caller's own, aligned
 * to 64 bytes. Only the columns of the given heads are written.
 *
 * <p>Softmax runs in one pass over blocks of keys with a running maximum and sum (Milakov and Gimelshein, "Online
 * normalizer calculation for softmax"; Dao et al., "FlashAttention"): scores exist for one tile of queries and
 * {@value #BLOCK_KEYS} keys at a time. Each row is computed by the same operations in the same order whatever the tile
 * that it falls into, so its bits depend on its sequence alone.
 *
 * @param headSize columns of a head, at least 1
 * @param scale what scores are multiplied with
 */
public record AttentionKernel(Isa isa, int headSize, float scale) implements Kernel {
    /** Keys whose scores are held at a time; a multiple of every tile's width. */
    static final int BLOCK_KEYS = 256;

    /** Tiles of queries; rows of scores and sums in scratch. */
    static final int MOST_TILE_ROWS = 8;

    public AttentionKernel {
        if (headSize < 1) {
            throw new IllegalArgumentException("head size " + headSize);
        }
    }

    @Override
    public String line() {
        return "attention isa=%s head=%d scale=%s".formatted(isa.label(), headSize, scale);
    }

    @Override
    public String symbol() {
        return "hone_attention_%s_%d_%08x".formatted(isa.label(), headSize, Float.floatToRawIntBits(scale));
    }

    /** Bytes of scratch memory for sequences of up to the given length. */
    public long scratchBytes(int length) {
        long keys = (long) Math.ceilDiv(length, isa.lanes()) * isa.lanes();
        long floats = keys * headSize
                + (long) length * paddedHead()
                + (long) MOST_TILE_ROWS * (BLOCK_KEYS + paddedHead() + 2L * isa.lanes());
        return floats * Float.BYTES;
    }

    /** Columns of a head with the padding of the last vector. */
    int paddedHead() {
        return Math.ceilDiv(headSize, isa.lanes()) * isa.lanes();
    }

    @Override
    public FunctionDescriptor descriptor() {
        return FunctionDescriptor.ofVoid(
                ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    }

    @Override
    public void emit(ModuleEmitter module) {
        new AttentionEmitter(this, module).emit();
    }
}
