package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.ArrayList;
import java.util.List;

/**
 * C = (x - mean(x)) / √(variance(x) + ε) · γ + β for each row x = A [+ residual].
 *
 * <p>Arguments, strides in words of 32 bits:
 * {@code (A, strideA, residual, strideResidual, γ, β, C, strideC, also, strideAlso, firstRow, endRow, ε)}, ε a float.
 * Without residual
 * its
 * pointer is not read. C may be A or the residual. Only the row's own columns are read and written.
 *
 * <p>The mean is found first and the variance around it. Sums run in 4 chains of vectors, so their error is at most
 * (columns / (4 · lanes) + 6) · 2⁻²⁴ of the sum of magnitudes.
 *
 * @param isa the instruction set
 * @param columns values in a row
 * @param residual whether rows of another buffer are added first
 * @param also the form in which each row is written a second time, while it is in cache; FLOATS when it is not
 */
public record LayerNormKernel(Isa isa, int columns, boolean residual, RowForm also) implements Kernel {
    @Override
    public String line() {
        return "layernorm isa=" + isa.label() + " columns=" + columns + " residual=" + residual + " also="
                + (also == RowForm.FLOATS ? "none" : also.label());
    }

    @Override
    public void emit(ModuleEmitter module) {
        Rows input = new Rows("a");
        Rows added = new Rows("residual");
        Rows result = new Rows("c");
        Rows second = new Rows("also");
        RowEmitter.Scaling scaling =
                new RowEmitter.Scaling(Value.pointer("gamma"), Value.pointer("beta"), Value.real("epsilon"));
        Value firstRow = Value.number("firstRow");
        Value endRow = Value.number("endRow");
        List<Value> parameters = new ArrayList<>(List.of(input.start, input.stride, added.start, added.stride));
        parameters.addAll(List.of(scaling.gamma(), scaling.beta(), result.start, result.stride));
        parameters.addAll(List.of(second.start, second.stride, firstRow, endRow, scaling.epsilon()));
        FunctionEmitter code = new FunctionEmitter(module, symbol(), parameters);
        RowEmitter rows = new RowEmitter(code, columns);
        code.loop(firstRow, endRow, 1, row -> {
            Value output = result.at(code, row);
            Value sum = sum(code, rows, List.of(input.at(code, row), added.at(code, row), output));
            rows.normalize(residual ? output : input.at(code, row), sum, scaling, output);
            if (also != RowForm.FLOATS) {
                new RowFormEmitter(code, rows, columns).emit(also, output, second.at(code, row));
            }
        });
        code.end();
    }

    /** @param pointers to rows of the input, the residual and the output */
    private Value sum(FunctionEmitter code, RowEmitter rows, List<Value> pointers) {
        return rows.sum((column, valid, total) -> {
            Value x = rows.load(pointers.get(0), column, valid);
            if (residual) {
                x = code.binary("fadd", x, rows.load(pointers.get(1), column, valid));
                rows.store(x, pointers.get(2), column, valid);
            }
            return code.binary("fadd", total, x);
        });
    }

    /** Parameters of one buffer. */
    private record Rows(Value start, Value stride) {
        Rows(String name) {
            this(Value.pointer(name), Value.number(name + "Stride"));
        }

        Value at(FunctionEmitter code, Value row) {
            return code.element(start, code.multiply(row, stride));
        }
    }
}
