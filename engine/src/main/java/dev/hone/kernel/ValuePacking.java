package dev.hone.kernel;

/** Copies a head's values into lines of one key, or of two keys whose bf16 numbers share words. */
final class ValuePacking {
    private final AttentionKernel kernel;
    private final FunctionEmitter code;
    private final int lanes = AttentionKernel.LANES;
    private final Type vector = Type.FLOAT.vector(lanes);

    ValuePacking(AttentionKernel kernel, FunctionEmitter code) {
        this.kernel = kernel;
        this.code = code;
    }

    /** Values close together and padded with zeros: a stride of a whole row would use few sets of the cache. */
    void pack(Value values, Value packed, Value stride, Value length) {
        if (kernel.input() == RowForm.BFLOATS) {
            packPairs(values, packed, stride, length);
            return;
        }
        code.loop(Value.of(0), length, 1, key -> {
            Value from = code.element(values, code.multiply(key, stride));
            Value to = code.element(packed, code.multiply(key, kernel.paddedHead()));
            for (int column = 0; column < kernel.headSize(); column += lanes) {
                int count = Math.min(lanes, kernel.headSize() - column);
                code.store(code.loadFirst(vector, code.offset(from, 4L * column), count), code.offset(to, 4L * column));
            }
        });
    }

    /** The values of two keys share a word; behind an odd last key there are zeros. */
    private void packPairs(Value values, Value packed, Value stride, Value length) {
        code.loop(Value.of(0), length, 2, key -> {
            Value from = code.element(values, code.multiply(key, stride));
            Value second = code.compare("slt", code.add(key, Value.of(1)), length);
            Value next = code.element(from, code.select(second, stride, Value.of(0)));
            Value to = code.element(packed, code.multiply(key, kernel.paddedHead() / 2));
            for (int column = 0; column < kernel.headSize(); column += lanes) {
                int count = Math.min(lanes, kernel.headSize() - column);
                Value low = wideBits(from, column, count);
                Value high = wideBits(next, column, count);
                Value upper = code.binary("shl", high, Value.splat(high.type(), Short.SIZE));
                Value pairs = code.binary("or", low, upper);
                code.store(code.select(second, pairs, low), code.offset(to, 4L * column));
            }
        });
    }

    private Value wideBits(Value row, int column, int count) {
        Value bits = code.loadFirst(Type.SHORT.vector(lanes), code.offset(row, 2L * column), count);
        return code.convert("zext", bits, Type.INT.vector(lanes));
    }
}
