package dev.hone.reference;

import dev.hone.graph.Op;
import dev.hone.tensor.DType;
import dev.hone.tensor.Float16;
import dev.hone.tensor.Nibbles;
import dev.hone.tensor.QuantizedRow;
import java.util.List;

/** Linear layers and attention in each arithmetic, written out from their definitions. */
final class Products {
    private Products() {}

    static Numbers linear(Op.Linear op, Numbers rows, Numbers weight, Numbers bias, Numbers result) {
        int depth = weight.dim(1);
        int columns = weight.dim(0);
        Numbers left = operand(op.arithmetic(), rows);
        Numbers right = operand(op.arithmetic(), weight);
        for (int index = 0; index < result.count(); index++) {
            int column = index % columns;
            double sum = bias.get(column) + dot(left, index / columns * depth, right, column * depth, depth);
            result.set(index, Functions.activate(op.activation(), sum));
        }
        return result;
    }

    /** Operands: rows, weight, scales, bias. Exact in integers; each operation on floats is rounded to f32. */
    static Numbers quantizedLinear(Op.QuantizedLinear op, List<Numbers> operands, Numbers result) {
        Numbers rows = operands.getFirst();
        Numbers weight = operands.get(1);
        int depth = weight.dim(1);
        int columns = weight.dim(0);
        for (int first = 0; first < rows.count(); first += depth) {
            QuantizedRow row = QuantizedRow.within(op.range(), floats(rows, first, depth));
            for (int column = 0; column < columns; column++) {
                float scale = row.step() * (float) operands.get(2).get(column);
                float sum = total(row, weight, column) * scale
                        + (float) operands.get(3).get(column);
                result.set(first / depth * columns + column, Functions.activate(op.activation(), sum));
            }
        }
        return result;
    }

    /** Operands: rows, weight, scales, bias. Sums of groups are exact; operations on floats are rounded to f32. */
    static Numbers groupedLinear(Op.GroupedLinear op, List<Numbers> operands, Numbers result) {
        Numbers rows = operands.getFirst();
        int depth = operands.get(1).dim(1);
        int columns = operands.get(1).dim(0);
        for (int first = 0; first < rows.count(); first += depth) {
            QuantizedRow row = QuantizedRow.of(floats(rows, first, depth));
            for (int column = 0; column < columns; column++) {
                float sum = groups(row, operands, column) * row.step()
                        + (float) operands.get(3).get(column);
                result.set(first / depth * columns + column, Functions.activate(op.activation(), sum));
            }
        }
        return result;
    }

    /** The products of a row and a column with the products of the row's zero taken off. */
    private static float groups(QuantizedRow row, List<Numbers> operands, int column) {
        int depth = row.count();
        int groups = Nibbles.groups(depth);
        float products = 0;
        float weights = 0;
        for (int group = 0; group < groups; group++) {
            float scale = (float) operands.get(2).get(column * groups + group);
            int productSum = 0;
            int weightSum = 0;
            int end = Math.min((group + 1) * Nibbles.GROUP, depth);
            for (int index = group * Nibbles.GROUP; index < end; index++) {
                int weight = (int) operands.get(1).integer(column * depth + index);
                productSum += row.value(index) * weight;
                weightSum += weight;
            }
            products = Math.fma((float) productSum, scale, products);
            weights = Math.fma((float) weightSum, scale, weights);
        }
        return Math.fma((float) -row.zero(), weights, products);
    }

    private static float[] floats(Numbers rows, int first, int count) {
        float[] floats = new float[count];
        for (int index = 0; index < count; index++) {
            floats[index] = (float) rows.get(first + index);
        }
        return floats;
    }

    /** Fits 32 bits, because the operator limits the depth. */
    private static int total(QuantizedRow row, Numbers weight, int column) {
        int total = 0;
        int depth = row.count();
        for (int index = 0; index < depth; index++) {
            total += (row.value(index) - row.zero()) * (int) weight.integer(column * depth + index);
        }
        return total;
    }

    static Numbers attention(Op.Attention op, Numbers merged, Numbers mask, Numbers result) {
        int length = merged.dim(1);
        Numbers operand = operand(op.arithmetic(), merged);
        for (int token = 0; token < mask.count(); token++) {
            int[] keys = FusedOperators.unmasked(mask, token / length, length);
            double[] contexts = contexts(op, operand, token, keys);
            for (int column = 0; column < contexts.length; column++) {
                result.set(token * contexts.length + column, contexts[column]);
            }
        }
        return result;
    }

    /** What a token takes from the values of the keys, heads in order. */
    private static double[] contexts(Op.Attention op, Numbers merged, int token, int[] keys) {
        int size = op.headSize();
        int width = op.heads() * size;
        double[] contexts = new double[width];
        for (int head = 0; head < width; head += size) {
            double[] scores = new double[keys.length];
            for (int k = 0; k < keys.length; k++) {
                int query = token * 3 * width + head;
                scores[k] = op.scale() * dot(merged, query, merged, (keys[k] * 3 + 1) * width + head, size);
            }
            Sums.softmax(scores);
            for (int index = 0; index < keys.length * size; index++) {
                int column = head + index % size;
                int key = index / size;
                double weight = rounded(op.arithmetic(), scores[key]);
                contexts[column] += weight * merged.get((keys[key] * 3 + 2) * width + column);
            }
        }
        return contexts;
    }

    private static double dot(Numbers left, int first, Numbers right, int second, int count) {
        double sum = 0;
        for (int k = 0; k < count; k++) {
            sum += left.get(first + k) * right.get(second + k);
        }
        return sum;
    }

    /** The numbers that are multiplied. */
    private static Numbers operand(DType arithmetic, Numbers numbers) {
        if (arithmetic == DType.F32) {
            return numbers;
        }
        Numbers result = Numbers.zeros(numbers.type(), numbers.dims());
        for (int index = 0; index < numbers.count(); index++) {
            result.set(index, rounded(arithmetic, numbers.get(index)));
        }
        return result;
    }

    private static double rounded(DType arithmetic, double value) {
        return arithmetic == DType.F32 ? value : Float16.fromBfloat16(Float16.toBfloat16((float) value));
    }
}
