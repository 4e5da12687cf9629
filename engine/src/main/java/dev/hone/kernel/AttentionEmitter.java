package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Emits {@link AttentionKernel}: a head's keys are transposed and its values copied to scratch, then each tile of
 * queries
 * walks the keys block by block.
 *
 * <p>Scratch, in floats: keys as groups of one vector, [group][headSize][lanes]; values [key][paddedHead]; scores
 * [tile row][block]; sums of values [tile row][paddedHead]; each tile row's sums of weights, a vector; its maximum
 * and the one before, in the first lanes of a vector.
 */
final class AttentionEmitter {
    private final AttentionKernel kernel;
    private final AttentionTile tile;
    private final int lanes;
    private final Type vector;
    private final FunctionEmitter code;
    private final VectorMath math;
    private final Value qkv = Value.pointer("qkv");
    private final Value strideQkv = Value.number("strideQkv");
    private final Value out = Value.pointer("out");
    private final Value strideOut = Value.number("strideOut");
    private final Value scratch = Value.pointer("scratch");
    private final Value firstRow = Value.number("firstRow");
    private final Value length = Value.number("length");
    private final Value firstHead = Value.number("firstHead");
    private final Value endHead = Value.number("endHead");
    private final Value width = Value.number("width");

    AttentionEmitter(AttentionKernel kernel, ModuleEmitter module) {
        this.kernel = kernel;
        this.tile = AttentionTile.of(kernel);
        this.lanes = kernel.isa().lanes();
        this.vector = Type.FLOAT.vector(lanes);
        List<Value> parameters =
                List.of(qkv, strideQkv, out, strideOut, scratch, firstRow, length, firstHead, endHead, width);
        this.code = new FunctionEmitter(module, kernel.symbol(), parameters);
        this.math = new VectorMath(code, vector);
    }

    /** Where the parts of scratch begin, and where the head's columns are. */
    private record Head(
            Value queries,
            Value keys,
            Value values,
            Value output,
            Value packedKeys,
            Value packedValues,
            Value scores,
            Value sums,
            Value weights,
            Value maxima) {}

    void emit() {
        Value groups = code.binary("sdiv", code.add(length, Value.of(lanes - 1L)), Value.of(lanes));
        code.loop(firstHead, endHead, 1, head -> {
            Head place = place(head, groups);
            new AttentionPacking(kernel, code).pack(place.keys(), place.packedKeys(), strideQkv, length, groups);
            packValues(place);
            code.evenly(Value.of(0), length, Value.of(tile.rows()), (query, height) -> tile(place, query, height));
        });
        code.end();
    }

    private Head place(Value head, Value groups) {
        int padded = kernel.paddedHead();
        Value column = code.multiply(head, kernel.headSize());
        Value start = code.element(qkv, code.add(code.multiply(firstRow, strideQkv), column));
        Value keys = code.element(start, width);
        Value packedValues = code.element(scratch, code.multiply(groups, (long) kernel.headSize() * lanes));
        Value scores = code.element(packedValues, code.multiply(length, padded));
        Value sums = code.offset(scores, 4L * AttentionKernel.MOST_TILE_ROWS * AttentionKernel.BLOCK_KEYS);
        Value weights = code.offset(sums, 4L * AttentionKernel.MOST_TILE_ROWS * padded);
        Value maxima = code.offset(weights, 4L * AttentionKernel.MOST_TILE_ROWS * lanes);
        return new Head(
                start,
                keys,
                code.element(keys, width),
                code.element(out, code.add(code.multiply(firstRow, strideOut), column)),
                scratch,
                packedValues,
                scores,
                sums,
                weights,
                maxima);
    }

    /** Values close together and padded with zeros: a stride of a whole row would use few sets of the cache. */
    private void packValues(Head head) {
        code.loop(Value.of(0), length, 1, key -> {
            Value from = code.element(head.values(), code.multiply(key, strideQkv));
            Value to = code.element(head.packedValues(), code.multiply(key, kernel.paddedHead()));
            for (int column = 0; column < kernel.headSize(); column += lanes) {
                int count = Math.min(lanes, kernel.headSize() - column);
                code.store(code.loadFirst(vector, code.offset(from, 4L * column), count), code.offset(to, 4L * column));
            }
        });
    }

    private void tile(Head head, Value query, Value height) {
        code.loop(Value.of(0), height, 1, row -> {
            Value sums = code.element(head.sums(), code.multiply(row, kernel.paddedHead()));
            for (int column = 0; column < kernel.paddedHead(); column += lanes) {
                code.store(Value.zero(vector), code.offset(sums, 4L * column));
            }
            Value state = code.multiply(row, lanes);
            code.store(Value.zero(vector), code.element(head.weights(), state));
            code.store(Value.of(Float.NEGATIVE_INFINITY), code.element(head.maxima(), state));
        });
        Value queries = code.element(head.queries(), code.multiply(query, strideQkv));
        code.loop(Value.of(0), length, AttentionKernel.BLOCK_KEYS, firstKey -> {
            Value left = code.subtract(length, firstKey);
            Value keys = code.minimum(left, Value.of(AttentionKernel.BLOCK_KEYS));
            code.switchOn(height, tile.rows(), rows -> scores(head, queries, firstKey, keys, rows));
            code.loop(Value.of(0), height, 1, row -> findMaximum(head, row, keys));
            code.loop(Value.of(0), height, 1, row -> soften(head, row, keys));
            code.switchOn(height, tile.rows(), rows -> addValues(head, firstKey, keys, rows));
        });
        code.loop(Value.of(0), height, 1, row -> finish(head, query, row));
    }

    /** scores[row][key] of one block: groups of keys as wide as the tile, then one group at a time. */
    private void scores(Head head, Value queries, Value firstKey, Value keys, int rows) {
        Value groups = code.binary("sdiv", code.add(keys, Value.of(lanes - 1L)), Value.of(lanes));
        Value whole = code.multiply(code.binary("sdiv", groups, Value.of(tile.vectors())), tile.vectors());
        Value packed = code.element(head.packedKeys(), code.multiply(firstKey, kernel.headSize()));
        code.loop(
                Value.of(0),
                whole,
                tile.vectors(),
                group -> scores(head, queries, packed, group, rows, tile.vectors()));
        if (tile.vectors() > 1) {
            code.loop(whole, groups, 1, group -> scores(head, queries, packed, group, rows, 1));
        }
    }

    private void scores(Head head, Value queries, Value packed, Value group, int rows, int vectors) {
        int groupFloats = kernel.headSize() * lanes;
        Value start = code.element(packed, code.multiply(group, groupFloats));
        Value to = code.element(head.scores(), code.multiply(group, lanes));
        List<Value> rowPointers = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            rowPointers.add(code.element(queries, code.multiply(strideQkv, row)));
        }
        List<Value> zeros = zeros(rows * vectors);
        List<Value> products = code.loop(Value.of(0), Value.of(kernel.headSize()), 1, zeros, (depth, current) -> {
            Value line = code.element(start, code.multiply(depth, lanes));
            List<Value> keys = new ArrayList<>();
            for (int index = 0; index < vectors; index++) {
                keys.add(code.load(vector, code.offset(line, 4L * index * groupFloats)));
            }
            return multiplyAdd(rowPointers, depth, keys, current);
        });
        Value scale = Value.splat(vector, kernel.scale());
        for (int index = 0; index < products.size(); index++) {
            long at = (long) (index / vectors) * AttentionKernel.BLOCK_KEYS + (long) (index % vectors) * lanes;
            code.store(code.binary("fmul", products.get(index), scale), code.offset(to, 4 * at));
        }
    }

    /** One step of depth: each row's scalar times the vectors. */
    private List<Value> multiplyAdd(List<Value> rows, Value depth, List<Value> vectors, List<Value> current) {
        List<Value> next = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            Value scalar = code.splat(code.load(Type.FLOAT, code.element(rows.get(row), depth)), lanes);
            for (int index = 0; index < vectors.size(); index++) {
                next.add(code.multiplyAdd(scalar, vectors.get(index), current.get(row * vectors.size() + index)));
            }
        }
        return next;
    }

    private List<Value> zeros(int count) {
        List<Value> zeros = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            zeros.add(Value.zero(vector));
        }
        return zeros;
    }

    /**
     * The maximum of a row so far, and what it was before. All rows of a tile come first: their reductions wait for
     * themselves, and so run side by side instead of holding up each row's exponentials.
     */
    private void findMaximum(Head head, Value row, Value keys) {
        Value scores = code.element(head.scores(), code.multiply(row, AttentionKernel.BLOCK_KEYS));
        maskBehind(scores, keys);
        Value state = code.element(head.maxima(), code.multiply(row, lanes));
        Value before = code.load(Type.FLOAT, state);
        Value largest = code.loop(Value.of(0), keys, lanes, List.of(code.splat(before, lanes)), (key, current) -> {
                    Value score = code.load(vector, code.element(scores, key));
                    return List.of(code.larger(current.getFirst(), score));
                })
                .getFirst();
        code.store(code.largestOfLanes(largest), state);
        code.store(before, code.offset(state, Float.BYTES));
    }

    /** Turns a row's scores into weights exp(score - maximum) and brings what was summed so far to the new maximum. */
    private void soften(Head head, Value row, Value keys) {
        Value scores = code.element(head.scores(), code.multiply(row, AttentionKernel.BLOCK_KEYS));
        Value state = code.multiply(row, lanes);
        Value maxima = code.element(head.maxima(), state);
        Value now = code.splat(code.load(Type.FLOAT, maxima), lanes);
        Value before = code.splat(code.load(Type.FLOAT, code.offset(maxima, Float.BYTES)), lanes);
        Value shrink = math.expOfNegative(code.binary("fsub", before, now));
        Value weights = code.element(head.weights(), state);
        Value old = code.binary("fmul", code.load(vector, weights), shrink);
        Value total = code.loop(Value.of(0), keys, lanes, List.of(old), (key, current) -> {
                    Value at = code.element(scores, key);
                    Value weight = math.expOfNegative(code.binary("fsub", code.load(vector, at), now));
                    code.store(weight, at);
                    return List.of(code.binary("fadd", current.getFirst(), weight));
                })
                .getFirst();
        code.store(total, weights);
        rescale(head, row, shrink);
    }

    private void rescale(Head head, Value row, Value shrink) {
        Value sums = code.element(head.sums(), code.multiply(row, kernel.paddedHead()));
        for (int column = 0; column < kernel.paddedHead(); column += lanes) {
            Value at = code.offset(sums, 4L * column);
            code.store(code.binary("fmul", code.load(vector, at), shrink), at);
        }
    }

    /** Scores behind the last key, which the last group holds, become -∞. */
    private void maskBehind(Value scores, Value keys) {
        Value whole = code.multiply(code.binary("sdiv", keys, Value.of(lanes)), lanes);
        code.when(code.compare("slt", whole, keys), () -> {
            Value at = code.element(scores, whole);
            Value real = code.lanesBelow(code.subtract(keys, whole), lanes);
            Value nothing = Value.splat(vector, Float.NEGATIVE_INFINITY);
            code.store(code.select(real, code.load(vector, at), nothing), at);
        });
    }

    /** sums[row] += weights[row] · values, a few vectors of columns at a time. */
    private void addValues(Head head, Value firstKey, Value keys, int rows) {
        int headVectors = kernel.paddedHead() / lanes;
        for (int first = 0; first < headVectors; first += tile.vectors()) {
            addColumns(head, firstKey, keys, rows, first, Math.min(tile.vectors(), headVectors - first));
        }
    }

    private void addColumns(Head head, Value firstKey, Value keys, int rows, int firstVector, int vectors) {
        int padded = kernel.paddedHead();
        Value values = code.offset(
                code.element(head.packedValues(), code.multiply(firstKey, padded)), 4L * firstVector * lanes);
        List<Value> sums = new ArrayList<>();
        List<Value> current = new ArrayList<>();
        List<Value> weights = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            weights.add(code.offset(head.scores(), 4L * row * AttentionKernel.BLOCK_KEYS));
            for (int index = 0; index < vectors; index++) {
                sums.add(code.offset(head.sums(), 4L * (row * padded + (firstVector + index) * lanes)));
                current.add(code.load(vector, sums.getLast()));
            }
        }
        List<Value> totals = code.loop(Value.of(0), keys, 1, current, (key, carried) -> {
            Value line = code.element(values, code.multiply(key, padded));
            List<Value> columns = new ArrayList<>();
            for (int index = 0; index < vectors; index++) {
                columns.add(code.load(vector, code.offset(line, 4L * index * lanes)));
            }
            return multiplyAdd(weights, key, columns, carried);
        });
        for (int index = 0; index < totals.size(); index++) {
            code.store(totals.get(index), sums.get(index));
        }
    }

    private void finish(Head head, Value query, Value row) {
        Value total = code.load(vector, code.element(head.weights(), code.multiply(row, lanes)));
        Value sum = code.sumOfLanes(total);
        Value share = code.splat(code.binary("fdiv", Value.of(1f), sum), lanes);
        Value sums = code.element(head.sums(), code.multiply(row, kernel.paddedHead()));
        Value output = code.element(head.output(), code.multiply(code.add(query, row), strideOut));
        for (int column = 0; column < kernel.headSize(); column += lanes) {
            int count = Math.min(lanes, kernel.headSize() - column);
            Value value = code.binary("fmul", code.load(vector, code.offset(sums, 4L * column)), share);
            code.storeFirst(value, code.offset(output, 4L * column), count);
        }
    }
}
