package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Several steps of one word each: as many words of a row as a vector has lanes are read at once, and each is multiplied
 * from its lane, which 64-bit Arm does without spreading it first. The order of the products is that of {@link
 * WordStep}.
 */
final class LaneStep implements InnerStep {
    private final FunctionEmitter code;
    private final LinearProduct product;
    private final int lanes;
    private final WordProduct words;

    LaneStep(FunctionEmitter code, LinearProduct product, int lanes) {
        this.code = code;
        this.product = product;
        this.lanes = lanes;
        this.words = new WordProduct(code, product, lanes);
    }

    @Override
    public Type sums() {
        return words.sums();
    }

    @Override
    public int count() {
        return lanes;
    }

    @Override
    public List<Value> emit(List<Value> rows, Value number, Value line, List<Value> sums, int vectors) {
        List<List<List<Value>>> inputs = new ArrayList<>();
        for (Value row : rows) {
            inputs.add(words.inputs(code.element(row, number)));
        }
        List<Value> next = new ArrayList<>(sums);
        long vectorBytes = (long) product.stepBytes() * lanes;
        for (int word = 0; word < lanes; word++) {
            for (int index = 0; index < vectors; index++) {
                List<Value> weights = words.weights(code.offset(line, vectorBytes * (word * vectors + index)));
                for (int row = 0; row < rows.size(); row++) {
                    int at = row * vectors + index;
                    next.set(at, words.accumulate(inputs.get(row).get(word), weights, next.get(at)));
                }
            }
        }
        return next;
    }
}
