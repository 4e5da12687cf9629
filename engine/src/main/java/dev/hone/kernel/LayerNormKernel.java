package dev.hone.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.hone.machine.Isa;
import java.lang.foreign.FunctionDescriptor;
import java.util.List;

/**
 * C = (x - mean(x)) / √(variance(x) + ε) · γ + β for each row x = A [+ residual].
 *
 * <p>Arguments, strides in floats:
 * {@code (A, strideA, residual, strideResidual, γ, β, C, strideC, firstRow, endRow, ε)}, ε a float. Without residual
 * its
 * pointer is not read. C may be A or the residual. Only the row's own columns are read and written.
 *
 * <p>The mean is found first and the variance around it. Sums run in 4 chains of vectors, so their error is at most
 * (columns / (4 · lanes) + 6) · 2⁻²⁴ of the sum of magnitudes.
 *
 * @param isa the instruction set
 * @param columns values in a row
 * @param residual whether rows of another buffer are added first
 */
public record LayerNormKernel(Isa isa, int columns, boolean residual) implements Kernel {
    @Override
    public String line() {
        return "layernorm isa=%s columns=%d residual=%s".formatted(isa.label(), columns, residual);
    }

    @Override
    public FunctionDescriptor descriptor() {
        return FunctionDescriptor.ofVoid(
                ADDRESS,
                JAVA_LONG,
                ADDRESS,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_FLOAT);
    }

    @Override
    public void emit(ModuleEmitter module) {
        Value a = Value.pointer("a");
        Value strideA = Value.number("strideA");
        Value added = Value.pointer("residual");
        Value strideResidual = Value.number("strideResidual");
        RowEmitter.Scaling scaling =
                new RowEmitter.Scaling(Value.pointer("gamma"), Value.pointer("beta"), Value.real("epsilon"));
        Value c = Value.pointer("c");
        Value strideC = Value.number("strideC");
        Value firstRow = Value.number("firstRow");
        Value endRow = Value.number("endRow");
        FunctionEmitter code = new FunctionEmitter(
                module,
                symbol(),
                List.of(
                        a,
                        strideA,
                        added,
                        strideResidual,
                        scaling.gamma(),
                        scaling.beta(),
                        c,
                        strideC,
                        firstRow,
                        endRow,
                        scaling.epsilon()));
        RowEmitter rows = new RowEmitter(code, columns);
        code.loop(firstRow, endRow, 1, row -> {
            Value input = code.element(a, code.multiply(row, strideA));
            Value residualRow = code.element(added, code.multiply(row, strideResidual));
            Value output = code.element(c, code.multiply(row, strideC));
            Value sum = rows.sum((column, valid, total) -> {
                Value x = rows.load(input, column, valid);
                if (residual) {
                    x = code.binary("fadd", x, rows.load(residualRow, column, valid));
                    rows.store(x, output, column, valid);
                }
                return code.binary("fadd", total, x);
            });
            rows.normalize(residual ? output : input, sum, scaling, output);
        });
        code.end();
    }
}
