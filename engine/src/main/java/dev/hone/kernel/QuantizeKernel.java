package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.List;

/**
 * Writes rows of floats as {@link RowForm#QUANTIZED} with one range for all of them.
 *
 * <p>Arguments, strides in words of 32 bits: {@code (A, strideA, C, strideC, firstRow, endRow, range)}, where range
 * points at {@link #RANGE_WORDS} words: the inverse of the step (f32), the step (f32) and the zero (i32). Only the
 * row's own columns are read.
 *
 * @param isa the instruction set
 * @param columns values in a row
 */
public record QuantizeKernel(Isa isa, int columns) implements Kernel {
    public static final int RANGE_WORDS = 3;

    @Override
    public String line() {
        return "quantize isa=" + isa.label() + " columns=" + columns;
    }

    @Override
    public void emit(ModuleEmitter module) {
        Value a = Value.pointer("a");
        Value strideA = Value.number("strideA");
        Value c = Value.pointer("c");
        Value strideC = Value.number("strideC");
        Value firstRow = Value.number("firstRow");
        Value endRow = Value.number("endRow");
        Value range = Value.pointer("range");
        FunctionEmitter code =
                new FunctionEmitter(module, symbol(), List.of(a, strideA, c, strideC, firstRow, endRow, range));
        RowFormEmitter forms = new RowFormEmitter(code, new RowEmitter(code, columns), columns);
        code.loop(firstRow, endRow, 1, row -> {
            Value input = code.element(a, code.multiply(row, strideA));
            forms.emitWithin(range, input, code.element(c, code.multiply(row, strideC)));
        });
        code.end();
    }
}
