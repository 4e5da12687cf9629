package dev.hone.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A step that multiplies a group of words of each row with weights of four bits: integer sums of the group, which are
 * then scaled and added to the sums of floats.
 *
 * <p>The words of the last group that lie behind a row's own are multiplied with weights of zero. Rows begin at
 * multiples of 16 words, so that they are memory of the row.
 */
final class GroupStep implements InnerStep {
    private final FunctionEmitter code;
    private final LinearProduct product = LinearProduct.NIBBLES;
    private final int lanes;
    private final NibbleProduct nibbles;
    /** Whether a row of zeros is multiplied with the others, whose sums are what bytes were lessened by. */
    private final boolean centres;

    GroupStep(FunctionEmitter code, int lanes) {
        this.code = code;
        this.lanes = lanes;
        this.nibbles = new NibbleProduct(code, lanes);
        this.centres = product.centresInputs(code.isa());
    }

    @Override
    public Type sums() {
        return Type.FLOAT.vector(lanes);
    }

    @Override
    public List<Value> emit(List<Value> rows, Value number, Value line, List<Value> sums, int vectors) {
        Value firstWord = code.multiply(number, product.wordsPerStep());
        Value packed = code.offset(line, (long) product.scaleBytes() * lanes * vectors);
        List<Value> zeros = Collections.nCopies(sums.size() + (centres ? vectors : 0), Value.zero(nibbles.sums()));
        List<Value> totals = code.loop(Value.of(0), Value.of(product.wordsPerStep() / 2), 1, zeros, (pair, current) -> {
            Value word = code.add(firstWord, code.multiply(pair, 2));
            Value weights = code.offset(packed, code.multiply(pair, (long) Integer.BYTES * lanes * vectors));
            return pair(rows, word, weights, current, vectors);
        });
        List<Value> next = new ArrayList<>();
        List<Value> scales = scales(line, vectors);
        for (int index = 0; index < sums.size(); index++) {
            Value total = nibbles.floats(uncentred(totals, index, sums.size() + index % vectors));
            next.add(code.multiplyAdd(total, scales.get(index % vectors), sums.get(index)));
        }
        return next;
    }

    private Value uncentred(List<Value> totals, int index, int ofZeros) {
        return centres ? code.subtract(totals.get(index), totals.get(ofZeros)) : totals.get(index);
    }

    /** The scales of the columns, for sums of weights in their unit. */
    private List<Value> scales(Value line, int vectors) {
        ShortFloats floats = new ShortFloats(code);
        List<Value> scales = new ArrayList<>();
        for (int index = 0; index < vectors; index++) {
            Value bits = code.load(Type.SHORT.vector(lanes), code.offset(line, (long) Short.BYTES * lanes * index));
            Value scale = floats.fromBfloat(bits);
            Value unit = Value.splat(sums(), 1f / nibbles.unit());
            scales.add(nibbles.unit() == 1 ? scale : code.binary("fmul", scale, unit));
        }
        return scales;
    }

    private List<Value> pair(List<Value> rows, Value word, Value line, List<Value> sums, int vectors) {
        List<List<List<Value>>> weights = new ArrayList<>();
        for (int index = 0; index < vectors; index++) {
            weights.add(nibbles.weights(code.offset(line, (long) Integer.BYTES * lanes * index)));
        }
        List<Value> totals = sums;
        for (int half = 0; half < 2; half++) {
            List<Value> next = new ArrayList<>();
            for (int row = 0; row < rows.size() + (centres ? 1 : 0); row++) {
                List<Value> input = row == rows.size()
                        ? nibbles.zeros()
                        : nibbles.input(code.element(rows.get(row), code.add(word, Value.of(half))));
                for (int index = 0; index < vectors; index++) {
                    List<Value> weight = weights.get(index).get(half);
                    next.add(nibbles.accumulate(input, weight, totals.get(row * vectors + index)));
                }
            }
            totals = next;
        }
        return totals;
    }
}
