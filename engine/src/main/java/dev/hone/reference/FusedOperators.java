package dev.hone.reference;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Op;
import dev.hone.graph.PositionScheme;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The operators that exist only after fusion, each written out from its definition. */
final class FusedOperators {
    private FusedOperators() {}

    static Numbers run(Op.Fused op, List<Numbers> operands, Numbers result) {
        Numbers first = operands.getFirst();
        return switch (op) {
            case Op.Embedding embedding -> embedding(embedding, operands, result);
            case Op.Linear linear -> Products.linear(linear, first, operands.get(1), operands.get(2), result);
            case Op.QuantizedLinear linear -> Products.quantizedLinear(linear, operands, result);
            case Op.GroupedLinear linear -> Products.groupedLinear(linear, operands, result);
            case Op.Attention attention -> Products.attention(attention, first, operands.get(1), result);
            case Op.FirstToken _ -> firstToken(first, result);
            case Op.Column column -> column(column.index(), first, result);
            case Op.Pool pool -> pool(pool.pooling(), first, operands.get(1), result);
        };
    }

    private static Numbers embedding(Op.Embedding op, List<Numbers> operands, Numbers result) {
        Numbers ids = operands.getFirst();
        boolean typed = operands.size() == 7;
        Numbers words = operands.get(typed ? 2 : 1);
        Numbers positions = operands.get(typed ? 3 : 2);
        int width = words.dim(1);
        double[] row = new double[width];
        for (int token = 0; token < ids.count(); token++) {
            int word = Movement.row(ids.integer(token), words.dim(0), false);
            int position = Movement.row(position(op.positions(), ids, token), positions.dim(0), false);
            for (int column = 0; column < width; column++) {
                row[column] = words.get(word * width + column) + positions.get(position * width + column);
            }
            if (typed) {
                addRow(row, operands.get(4), operands.get(1).integer(token));
            }
            List<Numbers> gammaAndBeta = operands.subList(operands.size() - 2, operands.size());
            Sums.storeNormalized(row, token * width, op.epsilon(), gammaAndBeta, result);
        }
        return result;
    }

    private static void addRow(double[] row, Numbers table, long index) {
        int start = Movement.row(index, table.dim(0), false) * row.length;
        for (int column = 0; column < row.length; column++) {
            row[column] += table.get(start + column);
        }
    }

    /** The row of the position table that a token takes: counted tokens before it in its sequence, and the offset. */
    private static long position(PositionScheme scheme, Numbers ids, int token) {
        if (ids.integer(token) == scheme.skippedId()) {
            return scheme.offset() - 1L;
        }
        int before = 0;
        for (int earlier = token - token % ids.dim(1); earlier < token; earlier++) {
            before += ids.integer(earlier) == scheme.skippedId() ? 0 : 1;
        }
        return (long) before + scheme.offset();
    }

    /** The rows of a sequence's tokens that are not padding. */
    static int[] unmasked(Numbers mask, int sequence, int length) {
        int[] rows = IntStream.range(sequence * length, (sequence + 1) * length)
                .filter(row -> mask.integer(row) != 0)
                .toArray();
        if (rows.length == 0) {
            throw new HoneException(
                    Category.INPUT, "sequence " + sequence + " is all padding; give it at least one token");
        }
        return rows;
    }

    private static Numbers firstToken(Numbers rows, Numbers result) {
        int width = rows.dim(2);
        for (int index = 0; index < result.count(); index++) {
            result.set(index, rows.get(index / width * rows.dim(1) * width + index % width));
        }
        return result;
    }

    private static Numbers column(int column, Numbers rows, Numbers result) {
        for (int index = 0; index < result.count(); index++) {
            result.set(index, rows.get(index * rows.dim(2) + column));
        }
        return result;
    }

    private static Numbers pool(Op.Pooling pooling, Numbers rows, Numbers mask, Numbers result) {
        int width = rows.dim(2);
        for (int index = 0; index < result.count(); index++) {
            int[] tokens = unmasked(mask, index / width, rows.dim(1));
            double[] values = new double[tokens.length];
            for (int k = 0; k < tokens.length; k++) {
                values[k] = rows.get(tokens[k] * width + index % width);
            }
            result.set(index, pooled(pooling, values));
        }
        return result;
    }

    private static double pooled(Op.Pooling pooling, double[] values) {
        return switch (pooling) {
            case MEAN -> Arrays.stream(values).sum() / values.length;
            case CLS -> values[0];
            case MAX -> Arrays.stream(values).max().orElseThrow();
        };
    }
}
