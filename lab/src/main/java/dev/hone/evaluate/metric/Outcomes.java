package dev.hone.evaluate.metric;

import java.util.Arrays;

/**
 * What is kept of each evaluated row: a few numbers, whose meaning the {@link Scoring} knows.
 *
 * <p>The rows' texts are not kept, so that a data file may be larger than memory.
 */
public final class Outcomes {
    private static final int FIRST_ROWS = 256;

    private final int width;
    private double[] values;
    private int rows;

    /** @param width numbers of a row */
    public Outcomes(int width) {
        this.width = width;
        this.values = new double[width * FIRST_ROWS];
    }

    /** Some rows, each of {@code width} numbers. */
    public static Outcomes of(int width, double[][] rows) {
        Outcomes outcomes = new Outcomes(width);
        for (double[] row : rows) {
            outcomes.add(row);
        }
        return outcomes;
    }

    /** Adds a row of {@code width} numbers. */
    public void add(double[] row) {
        if (row.length != width) {
            throw new IllegalArgumentException("a row of " + row.length + " numbers where all have " + width);
        }
        int end = Math.multiplyExact(rows, width);
        if (end == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(values.length, 2));
        }
        System.arraycopy(row, 0, values, end, width);
        rows++;
    }

    public int rows() {
        return rows;
    }

    double value(int row, int column) {
        return values[row * width + column];
    }

    /** All rows, each once. */
    public Sample all() {
        return first(rows);
    }

    /** The rows that were added first, each once. */
    public Sample first(int count) {
        int[] chosen = new int[count];
        Arrays.setAll(chosen, row -> row);
        return new Sample(this, chosen);
    }
}
