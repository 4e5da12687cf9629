package dev.hone.kernel;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Emits the writing of one row of floats in another {@link RowForm}. */
final class RowFormEmitter {
    private static final float MOST_BYTE = 255;
    /** 1.5 · 2²³: adding it rounds what is below 2²² to a whole number, which then stands in the low bits. */
    private static final float ROUNDER = 12582912f;

    private final FunctionEmitter code;
    private final RowEmitter rows;
    private final int columns;

    RowFormEmitter(FunctionEmitter code, RowEmitter rows, int columns) {
        this.code = code;
        this.rows = rows;
        this.columns = columns;
    }

    /** @param input one row of floats; columns of it alone are read */
    void emit(RowForm form, Value input, Value output) {
        switch (form) {
            case FLOATS ->
                rows.each((column, valid) -> rows.store(rows.load(input, column, valid), output, column, valid));
            case BFLOATS -> bfloats(input, output);
            case QUANTIZED -> quantized(input, output);
        }
    }

    private void bfloats(Value input, Value output) {
        ShortFloats floats = new ShortFloats(code);
        rows.each((column, valid) -> {
            Value address = code.offset(output, code.multiply(column, Short.BYTES));
            int stored = (valid + 1) / 2 * 2;
            code.storeFirst(floats.toBfloat(rows.load(input, column, valid)), address, stored);
        });
    }

    /**
     * What is not a number leaves no trace in bytes: the sum of all columns times zero brings it into the row's step.
     */
    private void quantized(Value input, Value output) {
        RowMixer mixed = RowMixer.mixing(code, rows, columns);
        List<Value> ends = mixed.gather(
                input,
                List.of(this::smaller, code::larger),
                (_, x, _, soFar) -> List.of(smaller(x, soFar.get(0)), code.larger(x, soFar.get(1))));
        Value range = code.binary("fsub", ends.get(1), ends.get(0));
        Value most = Value.of(MOST_BYTE);
        Value some = code.compare("ogt", range, Value.of(0f));
        Value finite = smaller(code.binary("fdiv", most, range), Value.of(Float.MAX_VALUE));
        Value inverse = code.select(some, finite, Value.of(0f));
        Value below = code.define(Type.FLOAT, "fneg " + code.binary("fmul", ends.get(0), inverse));
        Value zero = rounded(within(below, 0), Value.of(ROUNDER));
        Supplier<Value> step = () -> code.binary("fdiv", range, most);
        bytes(mixed, input, output, new Grid(inverse, step, zero, scaled -> scaled));
    }

    /**
     * Bytes of a range that is given and not the row's own.
     *
     * @param range the words that {@link QuantizeKernel} describes
     */
    void emitWithin(Value range, Value input, Value output) {
        Value inverse = code.load(Type.FLOAT, range);
        Value zero = code.load(Type.INT, code.offset(range, 2 * Float.BYTES));
        Supplier<Value> step = () -> code.load(Type.FLOAT, code.offset(range, Float.BYTES));
        Grid grid = new Grid(inverse, step, zero, scaled -> within(scaled, -MOST_BYTE));
        bytes(RowMixer.unmixed(code, rows, columns), input, output, grid);
    }

    /**
     * The numbers that bytes stand for.
     *
     * @param step emitted where it is stored
     * @param limit keeps columns times the inverse from -255 to 255, where they can be beyond
     */
    private record Grid(Value inverse, Supplier<Value> step, Value zero, UnaryOperator<Value> limit) {}

    private void bytes(RowMixer mixer, Value input, Value output, Grid grid) {
        Value zeros = Value.zero(rows.vector());
        Value factors = rows.splat(grid.inverse());
        Value zero =
                rows.splat(code.binary("fadd", code.convert("sitofp", grid.zero(), Type.FLOAT), Value.of(ROUNDER)));
        List<Value> poison = mixer.gather(
                input, List.of((left, right) -> code.binary("fadd", left, right)), (column, x, valid, total) -> {
                    Value scaled = grid.limit().apply(code.binary("fmul", x, factors));
                    Value bytes =
                            code.convert("trunc", kept(rounded(scaled, zero)), Type.BYTE.vector(RowEmitter.LANES));
                    code.storeFirst(bytes, code.offset(output, column), valid);
                    return List.of(code.multiplyAdd(x, zeros, total.getFirst()));
                });
        Value facts = code.offset(output, 4L * Math.ceilDiv(columns, 4));
        code.store(code.binary("fadd", grid.step().get(), poison.getFirst()), facts);
        code.store(grid.zero(), code.offset(facts, Float.BYTES));
    }

    private Value smaller(Value first, Value second) {
        return code.select(code.compare("olt", first, second), first, second);
    }

    /** A float from low to 255; low for NaN. */
    private Value within(Value value, float low) {
        Value least = constant(value.type(), low);
        Value most = constant(value.type(), MOST_BYTE);
        return smaller(code.larger(value, least), most);
    }

    private static Value constant(Type type, float value) {
        return type.lanes() == 0 ? Value.of(value) : Value.splat(type, value);
    }

    /**
     * The nearest integer, ties to even, of a sum whose size is below 2²².
     *
     * @param more what is added to the value, plus {@link #ROUNDER}
     */
    private Value rounded(Value value, Value more) {
        Type ints = value.type().of(Type.INT);
        Value shifted = code.convert("bitcast", code.binary("fadd", value, more), ints);
        int base = Float.floatToRawIntBits(ROUNDER);
        Value origin = ints.lanes() == 0 ? new Value(ints, Integer.toString(base)) : Value.splat(ints, base);
        return code.subtract(shifted, origin);
    }

    /** Integers kept within 0 … 255. */
    private Value kept(Value whole) {
        Value zeros = Value.zero(whole.type());
        Value most = Value.splat(whole.type(), (int) MOST_BYTE);
        return code.minimum(code.maximum(whole, zeros), most);
    }
}
