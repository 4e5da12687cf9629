package dev.hone.kernel;

import java.util.ArrayList;
import java.util.List;

/** A step that multiplies one word of each row. */
final class WordStep implements InnerStep {
    private final FunctionEmitter code;
    private final LinearProduct product;
    private final int lanes;
    private final WordProduct words;

    WordStep(FunctionEmitter code, LinearProduct product, int lanes) {
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
    public List<Value> emit(List<Value> rows, Value number, Value line, List<Value> sums, int vectors) {
        List<List<Value>> weights = new ArrayList<>();
        for (int index = 0; index < vectors; index++) {
            weights.add(words.weights(code.offset(line, (long) product.stepBytes() * lanes * index)));
        }
        List<Value> next = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<Value> input = words.input(code.element(rows.get(row), number));
            for (int index = 0; index < vectors; index++) {
                next.add(words.accumulate(input, weights.get(index), sums.get(row * vectors + index)));
            }
        }
        return next;
    }
}
