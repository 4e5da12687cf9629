package dev.hone.kernel;

import java.util.List;

/** Emits softmax over the scores of one block of keys, with a running maximum and sum for each row of a tile. */
final class AttentionSoftmax {
    private final AttentionKernel kernel;
    private final FunctionEmitter code;
    private final VectorMath math;
    private final int lanes = AttentionKernel.LANES;
    private final Type vector = Type.FLOAT.vector(lanes);

    AttentionSoftmax(AttentionKernel kernel, FunctionEmitter code) {
        this.kernel = kernel;
        this.code = code;
        this.math = new VectorMath(code, vector);
    }

    /**
     * The maximum of a row so far, and what it was before. All rows of a tile come first: their reductions wait for
     * themselves, and so run side by side instead of holding up each row's exponentials.
     */
    void findMaximum(AttentionEmitter.Head head, Value row, Value keys) {
        Value scores = code.element(head.scores(), code.multiply(row, AttentionKernel.BLOCK_KEYS));
        maskBehind(scores, keys);
        Value state = code.element(head.maxima(), code.multiply(row, lanes));
        Value before = code.load(Type.FLOAT, state);
        Value largest = code.loop(Value.of(0), keys, lanes, List.of(code.splat(before, lanes)), (key, current) -> {
                    Value score = code.load(vector, code.element(scores, key));
                    return List.of(code.larger(current.getFirst(), score));
                })
                .getFirst();
        code.store(code.reduce(largest, code::larger), state);
        code.store(before, code.offset(state, Float.BYTES));
    }

    /** Brings what a row has summed to its new maximum; before the first block nothing was. */
    void rescale(AttentionEmitter.Head head, Value row) {
        Value state = code.multiply(row, lanes);
        Value maxima = code.element(head.maxima(), state);
        Value now = code.splat(code.load(Type.FLOAT, maxima), lanes);
        Value before = code.splat(code.load(Type.FLOAT, code.offset(maxima, Float.BYTES)), lanes);
        Value shrink = math.expOfNegative(code.binary("fsub", before, now));
        multiply(code.element(head.weights(), state), shrink);
        Value sums = code.element(head.sums(), code.multiply(row, kernel.paddedHead()));
        for (int column = 0; column < kernel.paddedHead(); column += lanes) {
            multiply(code.offset(sums, 4L * column), shrink);
        }
    }

    private void multiply(Value at, Value factor) {
        code.store(code.binary("fmul", code.load(vector, at), factor), at);
    }

    /** Turns a row's scores into weights exp(score - maximum) and adds them up. */
    void soften(AttentionEmitter.Head head, Value row, Value keys) {
        Value scores = code.element(head.scores(), code.multiply(row, AttentionKernel.BLOCK_KEYS));
        Value state = code.multiply(row, lanes);
        Value now = code.splat(code.load(Type.FLOAT, code.element(head.maxima(), state)), lanes);
        Value weights = code.element(head.weights(), state);
        Value old = code.load(vector, weights);
        Value total = code.loop(Value.of(0), keys, lanes, List.of(old), (key, current) -> {
                    Value at = code.element(scores, key);
                    Value weight = math.expOfNegative(code.binary("fsub", code.load(vector, at), now));
                    keepWeight(weight, scores, key);
                    return List.of(code.binary("fadd", current.getFirst(), weight));
                })
                .getFirst();
        code.store(total, weights);
    }

    /** Weights take the place of scores; bf16 ones half of it, which never reaches what is still to be read. */
    private void keepWeight(Value weight, Value scores, Value key) {
        if (kernel.input() == RowForm.BFLOATS) {
            Value at = code.offset(scores, code.multiply(key, Short.BYTES));
            code.store(new ShortFloats(code).toBfloat(weight), at);
        } else {
            code.store(weight, code.element(scores, key));
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
}
