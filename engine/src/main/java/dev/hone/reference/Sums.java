package dev.hone.reference;

import dev.hone.graph.Op;
import dev.hone.graph.Op.ReduceFunction;
import java.util.Arrays;
import java.util.List;

/** Operators that sum, all in double precision: products, reductions, softmax, normalisations. */
final class Sums {
    private Sums() {}

    static Numbers matMul(Numbers first, Numbers second, Numbers result) {
        int rows = result.dim(-2);
        int columns = result.dim(-1);
        int depth = first.dim(-1);
        int[] leading = Arrays.copyOf(result.dims(), result.dims().length - 2);
        int[] left = Places.broadcast(Arrays.copyOf(first.dims(), first.dims().length - 2), leading);
        int[] right = Places.broadcast(Arrays.copyOf(second.dims(), second.dims().length - 2), leading);
        for (int index = 0; index < result.count(); index++) {
            int matrix = index / (rows * columns);
            int row = (left[matrix] * rows + index / columns % rows) * depth;
            int column = right[matrix] * depth * columns + index % columns;
            double sum = 0;
            for (int k = 0; k < depth; k++) {
                sum += first.get(row + k) * second.get(column + k * columns);
            }
            result.set(index, sum);
        }
        return result;
    }

    static Numbers softmax(int axis, Numbers operand, Numbers result) {
        int inner = Places.strides(operand.dims())[axis];
        int extent = operand.dim(axis);
        double[] line = new double[extent];
        for (int index = 0; index < operand.count(); index++) {
            if (index / inner % extent != 0) {
                continue;
            }
            for (int k = 0; k < extent; k++) {
                line[k] = operand.get(index + k * inner);
            }
            softmax(line);
            for (int k = 0; k < extent; k++) {
                result.set(index + k * inner, line[k]);
            }
        }
        return result;
    }

    /** In place. */
    static void softmax(double[] line) {
        double largest = Arrays.stream(line).max().orElse(0);
        double sum = 0;
        for (int k = 0; k < line.length; k++) {
            line[k] = Math.exp(line[k] - largest);
            sum += line[k];
        }
        for (int k = 0; k < line.length; k++) {
            line[k] /= sum;
        }
    }

    static Numbers reduce(Op.Reduce op, Numbers operand, Numbers result) {
        int[] kept = operand.dims().clone();
        op.axes().forEach(axis -> kept[axis] = 1);
        int[] targets = Places.broadcast(kept, operand.dims());
        return result.type().isFloat()
                ? reduceFloats(op.function(), targets, operand, result)
                : reduceIntegers(op.function(), targets, operand, result);
    }

    private static Numbers reduceFloats(ReduceFunction function, int[] targets, Numbers operand, Numbers result) {
        double[] sums = new double[result.count()];
        Arrays.fill(sums, function == ReduceFunction.MAXIMUM ? Double.NEGATIVE_INFINITY : 0);
        for (int index = 0; index < operand.count(); index++) {
            double value = operand.get(index);
            int target = targets[index];
            sums[target] = switch (function) {
                case SUM, MEAN -> sums[target] + value;
                case MAXIMUM -> Math.max(sums[target], value);
                case L2 -> sums[target] + value * value;
            };
        }
        double each = (double) operand.count() / result.count();
        for (int index = 0; index < sums.length; index++) {
            result.set(
                    index,
                    switch (function) {
                        case SUM, MAXIMUM -> sums[index];
                        case MEAN -> sums[index] / each;
                        case L2 -> Math.sqrt(sums[index]);
                    });
        }
        return result;
    }

    /** Sums stay exact where a double would round them; a mean is truncated, and so is a length. */
    private static Numbers reduceIntegers(ReduceFunction function, int[] targets, Numbers operand, Numbers result) {
        long[] sums = new long[result.count()];
        Arrays.fill(sums, function == ReduceFunction.MAXIMUM ? Long.MIN_VALUE : 0);
        for (int index = 0; index < operand.count(); index++) {
            long value = operand.integer(index);
            int target = targets[index];
            sums[target] = switch (function) {
                case SUM, MEAN -> sums[target] + value;
                case MAXIMUM -> Math.max(sums[target], value);
                case L2 -> sums[target] + value * value;
            };
        }
        int each = operand.count() / result.count();
        for (int index = 0; index < sums.length; index++) {
            result.setInteger(
                    index,
                    switch (function) {
                        case SUM, MAXIMUM -> sums[index];
                        case MEAN -> sums[index] / each;
                        case L2 -> (long) Math.sqrt((double) sums[index]);
                    });
        }
        return result;
    }

    static Numbers cumulativeSum(int axis, Numbers operand, Numbers result) {
        int inner = Places.strides(operand.dims())[axis];
        int extent = operand.dim(axis);
        double[] sums = new double[operand.count()];
        long[] exact = new long[operand.count()];
        for (int index = 0; index < operand.count(); index++) {
            boolean first = index / inner % extent == 0;
            if (result.type().isFloat()) {
                sums[index] = operand.get(index) + (first ? 0 : sums[index - inner]);
                result.set(index, sums[index]);
            } else {
                exact[index] = operand.integer(index) + (first ? 0 : exact[index - inner]);
                result.setInteger(index, exact[index]);
            }
        }
        return result;
    }

    /** Each row normalised to mean 0 and variance 1, then scaled and moved. */
    static Numbers layerNorm(double epsilon, Numbers rows, Numbers gamma, Numbers beta, Numbers result) {
        double[] row = new double[rows.dim(-1)];
        for (int start = 0; start < rows.count(); start += row.length) {
            for (int column = 0; column < row.length; column++) {
                row[column] = rows.get(start + column);
            }
            storeNormalized(row, start, epsilon, List.of(gamma, beta), result);
        }
        return result;
    }

    /** Operands: x, residual, gamma, beta; the sum is not rounded before it is normalised. */
    static Numbers residualLayerNorm(double epsilon, List<Numbers> operands, Numbers result) {
        double[] row = new double[result.dim(-1)];
        for (int start = 0; start < result.count(); start += row.length) {
            for (int column = 0; column < row.length; column++) {
                row[column] =
                        operands.get(0).get(start + column) + operands.get(1).get(start + column);
            }
            storeNormalized(row, start, epsilon, operands.subList(2, 4), result);
        }
        return result;
    }

    /** Stores a row normalised, times gamma, plus beta. */
    static void storeNormalized(double[] row, int start, double epsilon, List<Numbers> gammaAndBeta, Numbers result) {
        double mean = Arrays.stream(row).sum() / row.length;
        double variance = Arrays.stream(row).map(x -> (x - mean) * (x - mean)).sum() / row.length;
        double scale = 1 / Math.sqrt(variance + epsilon);
        for (int column = 0; column < row.length; column++) {
            double normal = (row[column] - mean) * scale;
            double scaled = normal * gammaAndBeta.get(0).get(column);
            result.set(start + column, scaled + gammaAndBeta.get(1).get(column));
        }
    }

    /** Each row divided by the larger of its length and epsilon. */
    static Numbers unitRows(double epsilon, Numbers rows, Numbers result) {
        int width = rows.dim(-1);
        for (int start = 0; start < rows.count(); start += width) {
            double squares = 0;
            for (int column = 0; column < width; column++) {
                squares += rows.get(start + column) * rows.get(start + column);
            }
            double length = Math.max(Math.sqrt(squares), epsilon);
            for (int column = 0; column < width; column++) {
                result.set(start + column, rows.get(start + column) / length);
            }
        }
        return result;
    }
}
