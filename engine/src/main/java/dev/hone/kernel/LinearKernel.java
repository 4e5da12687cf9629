package dev.hone.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.hone.machine.Isa;
import java.lang.foreign.FunctionDescriptor;

/**
 * C[rows, N] = activation(A[rows, K] · W + bias [+ residual]), over panels of {@link PackedWeights}.
 *
 * <p>Arguments of the function, strides in floats:
 * {@code (A, strideA, W, residual, strideResidual, C, strideC, firstRow, endRow, firstPanel, endPanel, K, N)}. It
 * computes
 * the rows {@code firstRow … endRow - 1} of the columns of the panels {@code firstPanel … endPanel - 1}; A, residual
 * and C
 * point at row 0. Without residual its pointer is not read. C may be the residual, and may not overlap A or W.
 *
 * <p>Every element is one chain of fused multiply-adds in the order of k that starts at zero, then bias, residual and
 * activation: its bits do not depend on the rows and panels of a call. (Generic code fuses where the target does.)
 *
 * <p>Columns from N to the end of the last vector are written too; they hold no meaning, and nothing reads them as
 * values.
 *
 * @param isa the instruction set
 * @param activation what is applied last
 * @param residual whether a row of another buffer is added before the activation
 * @param tail vectors in a narrower last panel, 0 when all panels are full: {@link PackedWeights#tailVectors}
 */
public record LinearKernel(Isa isa, Activation activation, boolean residual, int tail) implements Kernel {
    /** The kernel of a layer with N output columns. */
    public static LinearKernel of(Isa isa, Activation activation, boolean residual, int columns) {
        return new LinearKernel(isa, activation, residual, new PackedWeights(isa, 1, columns).tailVectors());
    }

    @Override
    public String line() {
        return "linear isa=%s activation=%s residual=%s tail=%d"
                .formatted(isa.label(), activation.label(), residual, tail);
    }

    @Override
    public FunctionDescriptor descriptor() {
        return FunctionDescriptor.ofVoid(
                ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                JAVA_LONG, JAVA_LONG, JAVA_LONG);
    }

    @Override
    public void emit(ModuleEmitter module) {
        new LinearEmitter(this, module).emit();
    }
}
