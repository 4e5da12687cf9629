package dev.hone.task;

import java.util.Arrays;

/**
 * The rows of one output that belong to one sequence.
 *
 * @param values row-major values of the whole batch
 * @param width values in a row
 * @param first the first row of this sequence
 * @param count rows of this sequence
 */
@SuppressWarnings("ArrayRecordComponent") // A view of what an engine returned; lives while a batch is looked at.
record OutputRows(float[] values, int width, int first, int count) {
    float value(int row, int column) {
        return values[(first + row) * width + column];
    }

    float[] row(int row) {
        int from = (first + row) * width;
        return Arrays.copyOfRange(values, from, from + width);
    }

    float[] all() {
        return Arrays.copyOfRange(values, first * width, (first + count) * width);
    }
}
