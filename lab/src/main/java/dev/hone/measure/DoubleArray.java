package dev.hone.measure;

import java.util.Arrays;

/** A growing array of doubles, so that a timed loop does not box. */
final class DoubleArray {
    private double[] values = new double[1024];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    double[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
