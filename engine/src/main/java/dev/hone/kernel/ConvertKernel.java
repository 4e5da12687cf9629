package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.List;

/**
 * Writes rows of floats in another form.
 *
 * <p>Arguments, strides in words of 32 bits: {@code (A, strideA, C, strideC, firstRow, endRow)}. Only the row's own
 * columns are read; what is written of a row is {@link RowForm#words} of them.
 *
 * @param isa the instruction set
 * @param columns values in a row
 * @param form BFLOATS where the instruction set has bf16 products, or QUANTIZED
 */
public record ConvertKernel(Isa isa, int columns, RowForm form) implements Kernel {
    public ConvertKernel {
        if (form == RowForm.BFLOATS && !isa.hasBfloatProducts()) {
            throw new IllegalArgumentException(isa.label() + " has no bf16 arithmetic");
        }
    }

    @Override
    public String line() {
        return "convert isa=" + isa.label() + " columns=" + columns + " form=" + form.label();
    }

    @Override
    public void emit(ModuleEmitter module) {
        Value a = Value.pointer("a");
        Value strideA = Value.number("strideA");
        Value c = Value.pointer("c");
        Value strideC = Value.number("strideC");
        Value firstRow = Value.number("firstRow");
        Value endRow = Value.number("endRow");
        FunctionEmitter code = new FunctionEmitter(module, symbol(), List.of(a, strideA, c, strideC, firstRow, endRow));
        RowFormEmitter forms = new RowFormEmitter(code, new RowEmitter(code, columns), columns);
        code.loop(firstRow, endRow, 1, row -> {
            Value input = code.element(a, code.multiply(row, strideA));
            forms.emit(form, input, code.element(c, code.multiply(row, strideC)));
        });
        code.end();
    }
}
