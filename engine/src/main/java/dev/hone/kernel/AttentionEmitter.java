package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Emits {@link AttentionKernel}: a head's keys are transposed and its values copied to scratch, then each tile of
 * queries
 * walks the keys block by block.
 *
 * <p>Scratch, in words: keys as groups of one vector, [group][headWords][lanes]; values [key or pair of
 * keys][paddedHead]; scores, then weights [tile row][block]; sums of values [tile row][paddedHead]; each tile row's
 * sums
 * of weights, a vector; its maximum and the one before, in the first lanes of a vector.
 */
final class AttentionEmitter {
    private final AttentionKernel kernel;
    private final AttentionTile tile;
    private final int lanes;
    private final Type vector;
    private final FunctionEmitter code;
    private final AttentionSoftmax softmax;
    private final WordProduct words;
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
        this.lanes = AttentionKernel.LANES;
        this.vector = Type.FLOAT.vector(lanes);
        List<Value> parameters =
                List.of(qkv, strideQkv, out, strideOut, scratch, firstRow, length, firstHead, endHead, width);
        this.code = new FunctionEmitter(module, kernel.symbol(), parameters);
        this.softmax = new AttentionSoftmax(kernel, code);
        this.words = new WordProduct(code, kernel.product(), lanes);
    }

    /** Where the parts of scratch begin, and where the head's columns are. */
    record Head(
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
            new ValuePacking(kernel, code).pack(place.values(), place.packedValues(), strideQkv, length);
            code.evenly(Value.of(0), length, Value.of(tile.rows()), (query, height) -> tile(place, query, height));
        });
        code.end();
    }

    private Head place(Value head, Value groups) {
        int padded = kernel.paddedHead();
        Value column = code.multiply(head, kernel.headSize());
        Value start = elements(code.element(qkv, code.multiply(firstRow, strideQkv)), column, kernel.input());
        Value keys = elements(start, width, kernel.input());
        Value packedValues = code.element(scratch, code.multiply(groups, (long) kernel.headWords() * lanes));
        Value valueLines = words(length);
        Value scores = code.element(packedValues, code.multiply(valueLines, padded));
        Value sums = code.offset(scores, 4L * AttentionKernel.MOST_TILE_ROWS * AttentionKernel.BLOCK_KEYS);
        Value weights = code.offset(sums, 4L * AttentionKernel.MOST_TILE_ROWS * padded);
        Value maxima = code.offset(weights, 4L * AttentionKernel.MOST_TILE_ROWS * lanes);
        return new Head(
                start,
                keys,
                elements(keys, width, kernel.input()),
                elements(code.element(out, code.multiply(firstRow, strideOut)), column, kernel.output()),
                scratch,
                packedValues,
                scores,
                sums,
                weights,
                maxima);
    }

    /** Words that the values of some keys take in a column. */
    private Value words(Value keys) {
        Value perWord = Value.of(kernel.keysPerWord());
        return code.binary("sdiv", code.add(keys, Value.of(kernel.keysPerWord() - 1L)), perWord);
    }

    private Value elements(Value pointer, Value count, RowForm form) {
        return code.offset(pointer, code.multiply(count, form == RowForm.BFLOATS ? Short.BYTES : Float.BYTES));
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
            code.loop(Value.of(0), height, 1, row -> softmax.findMaximum(head, row, keys));
            Value later = code.compare("sgt", firstKey, Value.of(0));
            code.when(later, () -> code.loop(Value.of(0), height, 1, row -> softmax.rescale(head, row)));
            code.loop(Value.of(0), height, 1, row -> softmax.soften(head, row, keys));
            code.switchOn(height, tile.rows(), rows -> addValues(head, firstKey, keys, rows));
        });
        code.loop(Value.of(0), height, 1, row -> finish(head, query, row));
    }

    /** scores[row][key] of one block: groups of keys as wide as the tile, then one group at a time. */
    private void scores(Head head, Value queries, Value firstKey, Value keys, int rows) {
        Value groups = code.binary("sdiv", code.add(keys, Value.of(lanes - 1L)), Value.of(lanes));
        Value whole = code.multiply(code.binary("sdiv", groups, Value.of(tile.vectors())), tile.vectors());
        Value packed = code.element(head.packedKeys(), code.multiply(firstKey, kernel.headWords()));
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
        int groupWords = kernel.headWords() * lanes;
        Value start = code.element(packed, code.multiply(group, groupWords));
        Value to = code.element(head.scores(), code.multiply(group, lanes));
        List<Value> rowPointers = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            rowPointers.add(code.element(queries, code.multiply(strideQkv, row)));
        }
        List<Value> zeros = zeros(rows * vectors);
        List<Value> products = code.loop(Value.of(0), Value.of(kernel.headWords()), 1, zeros, (word, current) -> {
            Value line = code.element(start, code.multiply(word, lanes));
            List<List<Value>> keys = new ArrayList<>();
            for (int index = 0; index < vectors; index++) {
                keys.add(words.weights(code.offset(line, 4L * index * groupWords)));
            }
            return multiplyAdd(rowPointers, word, keys, current);
        });
        Value scale = Value.splat(vector, kernel.scale());
        for (int index = 0; index < products.size(); index++) {
            long at = (long) (index / vectors) * AttentionKernel.BLOCK_KEYS + (long) (index % vectors) * lanes;
            code.store(code.binary("fmul", products.get(index), scale), code.offset(to, 4 * at));
        }
    }

    /** One step: each row's word times the vectors. */
    private List<Value> multiplyAdd(List<Value> rows, Value word, List<List<Value>> vectors, List<Value> current) {
        List<Value> next = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<Value> input = words.input(code.element(rows.get(row), word));
            for (int index = 0; index < vectors.size(); index++) {
                Value sum = current.get(row * vectors.size() + index);
                next.add(words.accumulate(input, vectors.get(index), sum));
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

    /** sums[row] += weights[row] · values, a few vectors of columns at a time. */
    private void addValues(Head head, Value firstKey, Value keys, int rows) {
        int headVectors = kernel.paddedHead() / lanes;
        for (int first = 0; first < headVectors; first += tile.vectors()) {
            addColumns(head, firstKey, keys, rows, first, Math.min(tile.vectors(), headVectors - first));
        }
    }

    private void addColumns(Head head, Value firstKey, Value keys, int rows, int firstVector, int vectors) {
        int padded = kernel.paddedHead();
        Value firstWord = code.binary("sdiv", firstKey, Value.of(kernel.keysPerWord()));
        Value endWord = words(keys);
        Value values = code.offset(
                code.element(head.packedValues(), code.multiply(firstWord, padded)), 4L * firstVector * lanes);
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
        List<Value> totals = code.loop(Value.of(0), endWord, 1, current, (word, carried) -> {
            Value line = code.element(values, code.multiply(word, padded));
            List<List<Value>> columns = new ArrayList<>();
            for (int index = 0; index < vectors; index++) {
                columns.add(words.weights(code.offset(line, 4L * index * lanes)));
            }
            return multiplyAdd(weights, word, columns, carried);
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
            if (kernel.output() == RowForm.BFLOATS) {
                code.storeFirst(new ShortFloats(code).toBfloat(value), code.offset(output, 2L * column), count);
            } else {
                code.storeFirst(value, code.offset(output, 4L * column), count);
            }
        }
    }
}
