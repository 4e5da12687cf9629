package dev.hone.runtime;

import dev.hone.kernel.Kernel;
import dev.hone.kernel.LayerNormKernel;
import dev.hone.kernel.RowForm;
import dev.hone.machine.Isa;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Normalisation of rows, with a residual added first where there is one; workers share the rows. */
final class LayerNormStep implements Step {
    /** No buffer. */
    static final int NONE = -1;

    /**
     * @param gamma one factor a column
     * @param beta one summand a column
     * @param input buffer of the rows
     * @param residual buffer that is added, or {@link #NONE}
     * @param second the buffer of the second form, or {@link #NONE}
     * @param secondForm FLOATS where there is none
     * @param perRow whether it has a row for each token or one for each sequence
     */
    record Spec(
            Isa isa,
            Tensor gamma,
            Tensor beta,
            double epsilon,
            int input,
            int residual,
            int writes,
            int second,
            RowForm secondForm,
            boolean perRow)
            implements StepSpec {
        private LayerNormKernel kernel() {
            return new LayerNormKernel(isa, Math.toIntExact(gamma.elementCount()), residual != NONE, secondForm);
        }

        @Override
        public List<Kernel> kernels() {
            return List.of(kernel());
        }

        @Override
        public List<Integer> reads() {
            return residual == NONE ? List.of(input) : List.of(input, residual);
        }

        @Override
        public List<Integer> written() {
            return second == NONE ? List.of(writes) : List.of(writes, second);
        }

        @Override
        public boolean rowwise() {
            return perRow;
        }

        @Override
        public Step bind(Binding binding) {
            return new LayerNormStep(this, binding);
        }
    }

    private final Spec spec;
    private final NativeFunction function;
    private final MemorySegment gamma;
    private final MemorySegment beta;

    private LayerNormStep(Spec spec, Binding binding) {
        this.spec = spec;
        this.function = binding.function(spec.kernel());
        this.gamma = binding.vector(spec.gamma());
        this.beta = binding.vector(spec.beta());
    }

    @Override
    public String describe() {
        return spec.kernel().line();
    }

    @Override
    public StepWork work(PieceSize size) {
        int columns = Math.toIntExact(spec.gamma().elementCount());
        int words = columns * (spec.residual() == NONE ? 2 : 3);
        int second = spec.second() == NONE ? 0 : spec.secondForm().words(columns);
        return StepWork.onRows(2L * columns * Float.BYTES, size.count(spec.perRow()) * (words + second) * Float.BYTES);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        int residual = spec.residual() == NONE ? spec.input() : spec.residual();
        int second = spec.second() == NONE ? spec.writes() : spec.second();
        function.call(workspace
                .arguments(worker, spec.input(), residual)
                .pointer(gamma)
                .pointer(beta)
                .pointer(workspace.buffer(spec.writes()))
                .number(workspace.stride(spec.writes()))
                .pointer(workspace.buffer(second))
                .number(workspace.stride(second))
                .number(share.startOf(spec.perRow()))
                .number(share.endOf(spec.perRow()))
                .real((float) spec.epsilon()));
    }
}
