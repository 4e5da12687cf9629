package dev.hone.quantize;

import dev.hone.tensor.Float16;
import dev.hone.tensor.Nibbles;
import dev.hone.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Scales for weights of four bits: of a few for each group, the one that leaves the least sum of squared errors.
 *
 * <p>The tried ones are {@code extreme / d} for each d of {@link #LEVELS}, rounded to bf16, where extreme is the weight
 * of the largest magnitude with its sign. All d are negative, so that the extreme takes the side of the range that has
 * a number more; d below -8 cuts the extreme off for finer steps of the others. A scale below 2⁻¹⁰⁰ is 0, and its
 * weights with it.
 */
final class GroupScales {
    private static final float[] LEVELS = {-8, -7, -7.5f, -8.5f, -9, -9.5f, -10, -11};
    private static final float LEAST = 0x1p-100f;

    private GroupScales() {}

    /** The scales of a matrix of finite floats, [row][group]. */
    static float[] of(Tensor matrix) {
        int rows = Math.toIntExact(matrix.shape().dim(0).value());
        int columns = Math.toIntExact(matrix.shape().dim(1).value());
        int groups = Nibbles.groups(columns);
        float[] scales = new float[Math.multiplyExact(rows, groups)];
        IntStream.range(0, groups).parallel().forEach(group -> {
            int first = group * Nibbles.GROUP;
            int count = Math.min(Nibbles.GROUP, columns - first);
            float[] all = block(matrix, first, count, rows);
            for (int row = 0; row < rows; row++) {
                scales[row * groups + group] = best(all, row * count, count);
            }
        });
        return scales;
    }

    /** Some columns of a matrix, row by row, read in the order in which they lie. */
    private static float[] block(Tensor matrix, int first, int count, int rows) {
        float[] block = new float[rows * count];
        boolean byRows = matrix.fastAxis() == 1;
        float[] line = new float[byRows ? count : rows];
        for (int number = 0; number < (byRows ? rows : count); number++) {
            matrix.readLine(
                    byRows ? 1 : 0,
                    byRows ? new long[] {number, first} : new long[] {0, first + number},
                    line,
                    line.length);
            for (int index = 0; index < line.length; index++) {
                block[byRows ? number * count + index : index * count + number] = line[index];
            }
        }
        return block;
    }

    private static float best(float[] all, int first, int count) {
        float extreme = 0;
        for (int index = first; index < first + count; index++) {
            extreme = Math.abs(all[index]) > Math.abs(extreme) ? all[index] : extreme;
        }
        float best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (float level : LEVELS) {
            float scale = Float16.fromBfloat16(Float16.toBfloat16(extreme / level));
            double error = Math.abs(scale) < LEAST ? Double.MAX_VALUE : error(all, first, count, scale);
            if (error < least) {
                least = error;
                best = Math.abs(scale) < LEAST ? 0 : scale;
            }
        }
        return best;
    }

    private static double error(float[] all, int first, int count, float scale) {
        double error = 0;
        for (int index = first; index < first + count; index++) {
            float difference = all[index] - Nibbles.of(all[index], scale) * scale;
            error += difference * difference;
        }
        return error;
    }
}
