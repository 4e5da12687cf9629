package dev.hone.kernel;

import java.util.function.Supplier;

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
        Value zeros = Value.zero(rows.vector());
        Value lowest = rows.fold(zeros, this::smaller, load(input));
        Value highest = rows.fold(zeros, code::larger, load(input));
        Value range = code.binary("fsub", highest, lowest);
        Value most = Value.of(MOST_BYTE);
        Value some = code.compare("ogt", range, Value.of(0f));
        Value inverse = code.select(some, code.binary("fdiv", most, range), Value.of(0f));
        bytes(input, output, new Grid(inverse, () -> code.binary("fdiv", range, most), zeroPoint(lowest, inverse)));
    }

    /**
     * Bytes of a range that is given and not the row's own.
     *
     * @param range the words that {@link QuantizeKernel} describes
     */
    void emitWithin(Value range, Value input, Value output) {
        Value inverse = code.load(Type.FLOAT, range);
        Value zero = code.load(Type.INT, code.offset(range, 2 * Float.BYTES));
        bytes(input, output, new Grid(inverse, () -> code.load(Type.FLOAT, code.offset(range, Float.BYTES)), zero));
    }

    /**
     * The numbers that bytes stand for.
     *
     * @param step emitted where it is stored
     */
    private record Grid(Value inverse, Supplier<Value> step, Value zero) {}

    private void bytes(Value input, Value output, Grid grid) {
        Value zeros = Value.zero(rows.vector());
        Value factors = rows.splat(grid.inverse());
        Value shift = code.splat(grid.zero(), RowEmitter.LANES);
        Value poison = rows.sum((column, valid, total) -> {
            Value x = rows.load(input, column, valid);
            Value scaled = code.binary("fmul", x, factors);
            Value whole = code.add(rounded(within(scaled, -MOST_BYTE)), shift);
            Value bytes = code.convert("trunc", kept(whole), Type.BYTE.vector(RowEmitter.LANES));
            code.storeFirst(bytes, code.offset(output, column), valid);
            return code.multiplyAdd(x, zeros, total);
        });
        Value facts = code.offset(output, 4L * Math.ceilDiv(columns, 4));
        code.store(code.binary("fadd", grid.step().get(), poison), facts);
        code.store(grid.zero(), code.offset(facts, Float.BYTES));
    }

    private RowEmitter.Step load(Value input) {
        return (column, valid, accumulator) -> rows.load(input, column, valid);
    }

    private Value smaller(Value first, Value second) {
        return code.select(code.compare("olt", first, second), first, second);
    }

    private Value zeroPoint(Value lowest, Value inverse) {
        Value negative = code.define(Type.FLOAT, "fneg " + lowest);
        return rounded(within(code.binary("fmul", negative, inverse), 0));
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

    /** The nearest integer, ties to even, of a float whose size is below 2²². */
    private Value rounded(Value value) {
        Type ints = value.type().of(Type.INT);
        Value shifted = code.convert("bitcast", code.binary("fadd", value, constant(value.type(), ROUNDER)), ints);
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
