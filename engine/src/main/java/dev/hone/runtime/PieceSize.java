package dev.hone.runtime;

/**
 * How much of a batch is run at once.
 *
 * @param rows tokens
 * @param squares the sum of the squares of the sequences' lengths, with which the work of attention grows
 */
record PieceSize(int rows, int sequences, long squares) {
    /** The size of sequences {@code first … end - 1}. */
    static PieceSize of(int[][] ids, int first, int end) {
        int rows = 0;
        long squares = 0;
        for (int sequence = first; sequence < end; sequence++) {
            rows += ids[sequence].length;
            squares += (long) ids[sequence].length * ids[sequence].length;
        }
        return new PieceSize(rows, end - first, squares);
    }

    /** Rows of a buffer that has one for each token, or one for each sequence. */
    long count(boolean perRow) {
        return perRow ? rows : sequences;
    }
}
