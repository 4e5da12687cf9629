package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.List;
import java.util.Locale;

/**
 * One row from the rows of a sequence: their mean, their maximum or the first, divided by its length when normalised.
 *
 * <p>Arguments, strides in floats: {@code (A, strideA, firstRow, endRow, C)}; there is at least one row, and C points
 * at the
 * row to write. Only the row's own columns are read and written.
 *
 * @param isa the instruction set
 * @param columns values in a row
 * @param pooling how rows are combined
 * @param normalized whether the result is divided by max(‖result‖₂, 1e-12)
 */
public record PoolKernel(Isa isa, int columns, Pooling pooling, boolean normalized) implements Kernel {
    /** Ways to combine rows. */
    public enum Pooling {
        MEAN,
        CLS,
        MAX
    }

    @Override
    public String line() {
        return "pool isa=" + isa.label() + " columns=" + columns + " pooling="
                + pooling.name().toLowerCase(Locale.ROOT) + " normalized=" + normalized;
    }

    @Override
    public void emit(ModuleEmitter module) {
        Value a = Value.pointer("a");
        Value strideA = Value.number("strideA");
        Value firstRow = Value.number("firstRow");
        Value endRow = Value.number("endRow");
        Value c = Value.pointer("c");
        FunctionEmitter code = new FunctionEmitter(module, symbol(), List.of(a, strideA, firstRow, endRow, c));
        RowEmitter rows = new RowEmitter(code, columns);
        Value first = code.element(a, code.multiply(firstRow, strideA));
        rows.each((column, valid) -> rows.store(rows.load(first, column, valid), c, column, valid));
        if (pooling != Pooling.CLS) {
            code.loop(code.add(firstRow, Value.of(1)), endRow, 1, row -> {
                Value current = code.element(a, code.multiply(row, strideA));
                rows.each((column, valid) -> {
                    Value combined = combine(code, rows.load(c, column, valid), rows.load(current, column, valid));
                    rows.store(combined, c, column, valid);
                });
            });
        }
        if (pooling == Pooling.MEAN) {
            Value count = code.convert("sitofp", code.subtract(endRow, firstRow), Type.FLOAT);
            divide(code, rows, c, count);
        }
        if (normalized) {
            Value squares = rows.sum((column, valid, total) -> {
                Value x = rows.load(c, column, valid);
                return code.multiplyAdd(x, x, total);
            });
            Value length = code.call(Type.FLOAT, "llvm.sqrt.f32", squares);
            Value least = Value.of(1e-12f);
            divide(code, rows, c, code.select(code.compare("olt", length, least), least, length));
        }
        code.end();
    }

    private Value combine(FunctionEmitter code, Value soFar, Value next) {
        return switch (pooling) {
            case MEAN -> code.binary("fadd", soFar, next);
            case MAX -> code.call(next.type(), "llvm.maximum." + next.type().mangled(), soFar, next);
            case CLS -> soFar;
        };
    }

    private static void divide(FunctionEmitter code, RowEmitter rows, Value row, Value scalar) {
        Value divisor = rows.splat(scalar);
        rows.each((column, valid) ->
                rows.store(code.binary("fdiv", rows.load(row, column, valid), divisor), row, column, valid));
    }
}
