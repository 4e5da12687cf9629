package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/** Transposes words of a head's keys into groups of one vector, four at a time, by shuffles within 128 bits. */
final class AttentionPacking {
    private static final int BLOCK = 4;

    private final AttentionKernel kernel;
    private final FunctionEmitter code;
    private final int lanes;
    private final Type quarter = Type.FLOAT.vector(BLOCK);

    AttentionPacking(AttentionKernel kernel, FunctionEmitter code) {
        this.kernel = kernel;
        this.code = code;
        this.lanes = AttentionKernel.LANES;
    }

    /** Lanes behind the last key repeat it, so that nothing outside the sequence is read. */
    void pack(Value keys, Value packed, Value stride, Value length, Value groups) {
        Value last = code.subtract(length, Value.of(1));
        code.loop(Value.of(0), groups, 1, group -> {
            Value first = code.multiply(group, lanes);
            List<Value> rows = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                Value key = code.minimum(code.add(first, Value.of(lane)), last);
                rows.add(code.element(keys, code.multiply(key, stride)));
            }
            Value to = code.element(packed, code.multiply(group, (long) kernel.headWords() * lanes));
            int whole = kernel.headWords() / BLOCK * BLOCK;
            code.loop(Value.of(0), Value.of(whole), BLOCK, column -> transpose(rows, column, to));
            for (int column = whole; column < kernel.headWords(); column++) {
                scatter(rows, column, to);
            }
        });
    }

    /** Vector i holds row i of every block of four rows; two rounds of interleaving give the columns in row order. */
    private void transpose(List<Value> rows, Value column, Value to) {
        List<Value> vectors = new ArrayList<>();
        for (int index = 0; index < BLOCK; index++) {
            List<Value> parts = new ArrayList<>();
            for (int row = index; row < lanes; row += BLOCK) {
                parts.add(code.load(quarter, code.element(rows.get(row), column)));
            }
            vectors.add(join(parts));
        }
        Value low02 = interleave(vectors.get(0), vectors.get(2), 0);
        Value high02 = interleave(vectors.get(0), vectors.get(2), 2);
        Value low13 = interleave(vectors.get(1), vectors.get(3), 0);
        Value high13 = interleave(vectors.get(1), vectors.get(3), 2);
        List<Value> columns = List.of(
                interleave(low02, low13, 0),
                interleave(low02, low13, 2),
                interleave(high02, high13, 0),
                interleave(high02, high13, 2));
        Value start = code.element(to, code.multiply(column, lanes));
        for (int index = 0; index < BLOCK; index++) {
            code.store(columns.get(index), code.offset(start, 4L * index * lanes));
        }
    }

    private Value join(List<Value> parts) {
        List<Value> joined = parts;
        while (joined.size() > 1) {
            List<Value> pairs = new ArrayList<>();
            for (int index = 0; index < joined.size(); index += 2) {
                Value left = joined.get(index);
                int count = left.type().lanes();
                List<Integer> order = new ArrayList<>();
                for (int lane = 0; lane < 2 * count; lane++) {
                    order.add(lane);
                }
                pairs.add(code.shuffle(left, joined.get(index + 1), order));
            }
            joined = pairs;
        }
        return joined.getFirst();
    }

    /** In each block of four lanes: a[from], b[from], a[from + 1], b[from + 1]. */
    private Value interleave(Value a, Value b, int from) {
        List<Integer> order = new ArrayList<>();
        for (int block = 0; block < lanes; block += BLOCK) {
            order.add(block + from);
            order.add(lanes + block + from);
            order.add(block + from + 1);
            order.add(lanes + block + from + 1);
        }
        return code.shuffle(a, b, order);
    }

    private void scatter(List<Value> rows, int column, Value to) {
        for (int lane = 0; lane < lanes; lane++) {
            Value scalar = code.load(Type.FLOAT, code.offset(rows.get(lane), 4L * column));
            code.store(scalar, code.offset(to, 4L * (column * lanes + lane)));
        }
    }
}
