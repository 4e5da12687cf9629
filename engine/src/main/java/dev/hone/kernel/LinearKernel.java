package dev.hone.kernel;

import dev.hone.machine.Isa;

/**
 * C[rows, N] = activation(A[rows, K] · W + bias), over panels of {@link PackedWeights}.
 *
 * <p>Arguments of the function, strides and words in units of 32 bits:
 * {@code (A, strideA, W, C, strideC, firstRow, endRow, firstPanel, endPanel, words, N)}, where words is
 * {@link LinearProduct#words} of K. It computes the rows {@code firstRow … endRow - 1} of the columns of the panels
 * {@code firstPanel … endPanel - 1}; A and C point at row 0 and may not overlap. Rows of A have the product's
 * {@link LinearProduct#input} form.
 *
 * <p>With floats every element is one chain of fused multiply-adds in the order of k that starts at zero, then bias and
 * activation: its bits do not depend on the rows and panels of a call. (Generic code fuses where the target does; bf16
 * products are summed two at a time as the processor does it.) With bytes the integer sum t = Σ byte · w - zero · Σ w
 * is
 * exact, and the element is activation(t · (step · scale) + bias), one rounding an operation: the same bits everywhere.
 *
 * <p>Columns from N to the end of the last vector are written too; they hold no meaning, but are finite where inputs
 * are.
 *
 * @param isa the instruction set
 * @param product what is multiplied
 * @param activation what is applied last
 * @param output FLOATS, or BFLOATS where the instruction set has bf16 products
 * @param tail vectors in a narrower last panel, 0 when all panels are full: {@link PackedWeights#tailVectors}
 * @param schedule how it is walked through; the bands are the caller's business and not part of a kernel
 */
public record LinearKernel(
        Isa isa, LinearProduct product, Activation activation, RowForm output, int tail, LinearSchedule schedule)
        implements Kernel {
    public LinearKernel {
        boolean bfloats = product == LinearProduct.BFLOATS || output == RowForm.BFLOATS;
        if (bfloats && !isa.hasBfloatProducts()) {
            throw new IllegalArgumentException(isa.label() + " has no bf16 arithmetic");
        }
        if (output == RowForm.QUANTIZED) {
            throw new IllegalArgumentException("a whole row must be known before it is quantised");
        }
        schedule = schedule.withBandRows(LinearSchedule.ESTIMATED);
    }

    /** The kernel for weights packed in a layout. */
    public static LinearKernel of(Isa isa, PackedWeights layout, Activation activation, RowForm output) {
        return new LinearKernel(isa, layout.product(), activation, output, layout.tailVectors(), layout.schedule());
    }

    @Override
    public String line() {
        return "linear isa=" + isa.label() + " product=" + product.label() + " activation=" + activation.label()
                + " output=" + output.label() + " tail=" + tail + " " + schedule.line();
    }

    @Override
    public void emit(ModuleEmitter module) {
        new LinearEmitter(this, module).emit();
    }
}
