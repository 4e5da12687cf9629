package dev.hone.kernel;

import dev.hone.machine.Isa;
import java.util.List;

/**
 * C = activation(A), element by element.
 *
 * <p>Arguments, strides in floats: {@code (A, strideA, C, strideC, firstRow, endRow, columns)}. C may be A. Columns up
 * to
 * the end of the last vector are written too; they hold no meaning.
 *
 * @param isa the instruction set
 * @param activation the function
 */
public record ElementwiseKernel(Isa isa, Activation activation) implements Kernel {
    @Override
    public String line() {
        return "elementwise isa=" + isa.label() + " activation=" + activation.label();
    }

    @Override
    public void emit(ModuleEmitter module) {
        Value input = Value.pointer("input");
        Value strideInput = Value.number("strideInput");
        Value output = Value.pointer("output");
        Value strideOutput = Value.number("strideOutput");
        Value firstRow = Value.number("firstRow");
        Value endRow = Value.number("endRow");
        Value columns = Value.number("columns");
        FunctionEmitter code = new FunctionEmitter(
                module, symbol(), List.of(input, strideInput, output, strideOutput, firstRow, endRow, columns));
        Type vector = Type.FLOAT.vector(isa.lanes());
        VectorMath math = new VectorMath(code, vector);
        code.loop(firstRow, endRow, 1, row -> {
            Value from = code.element(input, code.multiply(row, strideInput));
            Value to = code.element(output, code.multiply(row, strideOutput));
            code.loop(Value.of(0), columns, isa.lanes(), column -> {
                Value x = code.load(vector, code.element(from, column));
                code.store(math.activate(activation, x), code.element(to, column));
            });
        });
        code.end();
    }
}
