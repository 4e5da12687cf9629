package dev.hone.quantize;

import dev.hone.tensor.Tensor;

/** The usual size of each input of a linear layer: the root of the mean of its squares. */
public final class InputSizes {
    private final double[] squares;
    private long rows;

    /** Nothing seen yet. */
    public InputSizes(int inputs) {
        this.squares = new double[inputs];
    }

    /** Rows end to end. */
    public void observe(float... values) {
        for (int index = 0; index < values.length; index++) {
            squares[index % squares.length] += (double) values[index] * values[index];
        }
        rows += values.length / squares.length;
    }

    double[] sizes() {
        double[] sizes = new double[squares.length];
        for (int index = 0; index < sizes.length; index++) {
            sizes[index] = rows == 0 ? 0 : Math.sqrt(squares[index] / rows);
        }
        return sizes;
    }

    /** The largest weight of each input; the matrix is read once, in the order in which it lies. */
    static float[] columnMagnitudes(Tensor matrix) {
        int rows = Math.toIntExact(matrix.shape().dim(0).value());
        int columns = Math.toIntExact(matrix.shape().dim(1).value());
        float[] magnitudes = new float[columns];
        boolean byRows = matrix.fastAxis() == 1;
        float[] line = new float[byRows ? columns : rows];
        for (int number = 0; number < (byRows ? rows : columns); number++) {
            long[] start = byRows ? new long[] {number, 0} : new long[] {0, number};
            matrix.readLine(byRows ? 1 : 0, start, line, line.length);
            for (int index = 0; index < line.length; index++) {
                int column = byRows ? index : number;
                magnitudes[column] = Math.max(magnitudes[column], Math.abs(line[index]));
            }
        }
        return magnitudes;
    }
}
