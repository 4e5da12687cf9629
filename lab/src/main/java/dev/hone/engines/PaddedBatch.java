package dev.hone.engines;

import dev.hone.session.TokenBatch;
import java.util.Arrays;

/**
 * A batch as engines with rectangular inputs need it: every sequence filled up to the longest.
 *
 * @param lengths real tokens of each sequence
 * @param longest columns of the rectangle
 */
@SuppressWarnings("ArrayRecordComponent") // Built for one call and never shared.
record PaddedBatch(TokenBatch batch, int[] lengths, int longest) {
    static PaddedBatch of(TokenBatch batch) {
        int[] lengths = new int[batch.size()];
        int longest = 0;
        for (int sequence = 0; sequence < lengths.length; sequence++) {
            lengths[sequence] = batch.ids()[sequence].length;
            longest = Math.max(longest, lengths[sequence]);
        }
        return new PaddedBatch(batch, lengths, longest);
    }

    int rows() {
        return batch.rows();
    }

    long[] shape() {
        return new long[] {lengths.length, longest};
    }

    /** Row-major values of the rectangle: {@code values} where there is a token, {@code padding} elsewhere. */
    int[] fill(int[][] values, int padding) {
        int[] rectangle = new int[Math.multiplyExact(lengths.length, longest)];
        if (padding != 0) {
            Arrays.fill(rectangle, padding);
        }
        for (int sequence = 0; sequence < lengths.length; sequence++) {
            System.arraycopy(values[sequence], 0, rectangle, sequence * longest, lengths[sequence]);
        }
        return rectangle;
    }

    /** One where there is a token, zero elsewhere. */
    int[] mask() {
        int[] rectangle = new int[Math.multiplyExact(lengths.length, longest)];
        for (int sequence = 0; sequence < lengths.length; sequence++) {
            Arrays.fill(rectangle, sequence * longest, sequence * longest + lengths[sequence], 1);
        }
        return rectangle;
    }
}
