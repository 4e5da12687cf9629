package dev.hone.kernel;

import dev.hone.tensor.Float16;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Gathers weights as words of a product, and copies them out. */
final class WordWriter {
    private final LinearProduct product;
    private final int[] words;
    private final short[] halves;

    WordWriter(LinearProduct product, int capacity) {
        boolean halved = product.weightBytes() == Short.BYTES;
        this.product = product;
        this.words = new int[halved ? 0 : capacity];
        this.halves = new short[halved ? capacity : 0];
    }

    /**
     * Stages some words of a column.
     *
     * @param values of the column, from its first depth
     * @param firstWord where to begin
     * @param column its place in the panel
     * @param width columns of the panel
     */
    void column(float[] values, int firstWord, int count, int column, int width) {
        for (int word = 0; word < count; word++) {
            int place = word * width + column;
            int depth = (firstWord + word) * product.depthsPerWord();
            switch (product) {
                case FLOATS -> words[place] = Float.floatToRawIntBits(values[depth]);
                case HALF_WEIGHTS -> halves[place] = Float.floatToFloat16(values[depth]);
                case BFLOAT_WEIGHTS -> halves[place] = (short) bfloat(values[depth]);
                case BFLOATS -> words[place] = bfloat(values[depth]) | (bfloat(values[depth + 1]) << 16);
                case BYTES -> words[place] = bytes(values, depth);
            }
        }
    }

    private static int bytes(float[] values, int depth) {
        int word = 0;
        for (int part = 0; part < Integer.BYTES; part++) {
            word |= ((int) values[depth + part] & 0xff) << (Byte.SIZE * part);
        }
        return word;
    }

    private static int bfloat(float value) {
        return Short.toUnsignedInt(Float16.toBfloat16(value));
    }

    /** Copies what is staged. */
    void write(int count, MemorySegment destination, long position) {
        if (halves.length > 0) {
            MemorySegment.copy(halves, 0, destination, ValueLayout.JAVA_SHORT, position, count);
        } else {
            MemorySegment.copy(words, 0, destination, ValueLayout.JAVA_INT, position, count);
        }
    }
}
