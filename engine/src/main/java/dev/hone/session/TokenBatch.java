package dev.hone.session;

import java.util.Arrays;

/**
 * Sequences of token ids of any lengths, without padding.
 *
 * @param ids one array of vocabulary ids a sequence, special tokens included
 * @param types token types (segments) of the same shape; all zero for single texts
 */
@SuppressWarnings("ArrayRecordComponent") // Hot data: one array a sequence, owned by the caller until the run ends.
public record TokenBatch(int[][] ids, int[][] types) {
    public TokenBatch {
        if (ids.length != types.length) {
            throw new IllegalArgumentException(ids.length + " sequences of ids but " + types.length + " of types");
        }
        for (int sequence = 0; sequence < ids.length; sequence++) {
            if (ids[sequence].length != types[sequence].length) {
                throw new IllegalArgumentException("sequence " + sequence + " has " + ids[sequence].length + " ids but "
                        + types[sequence].length + " types");
            }
        }
    }

    /** A batch of single texts: every token type is zero. */
    public static TokenBatch of(int[]... ids) {
        return new TokenBatch(
                ids,
                Arrays.stream(ids).map(sequence -> new int[sequence.length]).toArray(int[][]::new));
    }

    public int size() {
        return ids.length;
    }

    /** Tokens of all sequences together. */
    public int rows() {
        int rows = 0;
        for (int[] sequence : ids) {
            rows += sequence.length;
        }
        return rows;
    }
}
