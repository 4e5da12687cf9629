package dev.hone.kernel;

import dev.hone.tensor.Float16;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Gathers weights as a product's words, and copies them out. */
final class WordWriter {
    private static final int NIBBLE_BITS = 4;
    private static final int LOW_HALVES = 0x0f0f0f0f;

    private final LinearProduct product;
    private final int[] words;
    private final short[] halves;

    /** @param capacity steps of the inner loop times columns */
    WordWriter(LinearProduct product, int capacity) {
        int bytes = product.stepBytes() - product.scaleBytes();
        boolean halved = bytes == Short.BYTES;
        this.product = product;
        this.words = new int[halved ? 0 : capacity * (bytes / Integer.BYTES)];
        this.halves = new short[halved ? capacity : 0];
    }

    /**
     * Stages some steps of a column.
     *
     * @param values of the column, from its first depth
     * @param firstStep where to begin
     * @param column its place in the panel
     * @param width columns of the panel
     */
    void column(float[] values, int firstStep, int count, int column, int width) {
        for (int step = 0; step < count; step++) {
            int place = step * width + column;
            int depth = (firstStep + step) * product.depthsPerStep();
            switch (product) {
                case FLOATS -> words[place] = Float.floatToRawIntBits(values[depth]);
                case HALF_WEIGHTS -> halves[place] = Float.floatToFloat16(values[depth]);
                case BFLOAT_WEIGHTS -> halves[place] = (short) bfloat(values[depth]);
                case BFLOATS -> words[place] = bfloat(values[depth]) | (bfloat(values[depth + 1]) << 16);
                case BYTES -> words[place] = bytes(values, depth);
                case NIBBLES -> nibbles(values, depth, step * width * product.wordsPerStep() / 2 + column, width);
            }
        }
    }

    /** Two words of a row together: the weights of the first one in the low halves of bytes. */
    private void nibbles(float[] values, int firstDepth, int firstPlace, int width) {
        for (int pair = 0; pair < product.wordsPerStep() / 2; pair++) {
            int depth = firstDepth + 2 * pair * Integer.BYTES;
            int low = bytes(values, depth);
            int high = bytes(values, depth + Integer.BYTES);
            words[firstPlace + pair * width] = (low & LOW_HALVES) | ((high & LOW_HALVES) << NIBBLE_BITS);
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

    /**
     * Copies what is staged.
     *
     * @param count steps times columns
     */
    void write(int count, MemorySegment destination, long position) {
        if (halves.length > 0) {
            MemorySegment.copy(halves, 0, destination, ValueLayout.JAVA_SHORT, position, count);
        } else {
            int bytes = product.stepBytes() - product.scaleBytes();
            MemorySegment.copy(words, 0, destination, ValueLayout.JAVA_INT, position, count * (bytes / Integer.BYTES));
        }
    }
}
