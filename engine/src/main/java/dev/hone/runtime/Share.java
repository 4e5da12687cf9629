package dev.hone.runtime;

/**
 * What one worker does of a step: a range of the rows and sequences, and its place among the workers that share it.
 *
 * @param part 0 for the first worker on this range
 * @param parts workers on this range; 1 when a worker has the range for itself
 */
record Share(int firstRow, int endRow, int firstSequence, int endSequence, int part, int parts) {
    /** This part's rows as a range that nobody else has a part in. */
    Share rowsOfItsOwn() {
        return new Share(startOf(true), endOf(true), firstSequence, endSequence, 0, 1);
    }

    /** Start of this part when {@code count} equal things are dealt out. */
    int start(int count) {
        return (int) ((long) count * part / parts);
    }

    /** End of this part when {@code count} equal things are dealt out. */
    int end(int count) {
        return (int) ((long) count * (part + 1) / parts);
    }

    /** The first of this part's rows, of tokens or of sequences. */
    int startOf(boolean perRow) {
        return perRow ? firstRow + start(rows()) : firstSequence + start(sequences());
    }

    /** The end of this part's rows, of tokens or of sequences. */
    int endOf(boolean perRow) {
        return perRow ? firstRow + end(rows()) : firstSequence + end(sequences());
    }

    int rows() {
        return endRow - firstRow;
    }

    int sequences() {
        return endSequence - firstSequence;
    }
}
