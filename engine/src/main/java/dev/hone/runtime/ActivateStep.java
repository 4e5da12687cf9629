package dev.hone.runtime;

import dev.hone.graph.Activation;
import dev.hone.kernel.ElementwiseKernel;
import dev.hone.kernel.Kernel;
import dev.hone.machine.Isa;
import dev.hone.nativecode.system.NativeFunction;
import java.util.List;

/** An activation function that no product could take into its epilogue; workers share the rows. */
final class ActivateStep implements Step {
    /**
     * @param columns values in a row
     * @param perRow whether it has a row for each token or one for each sequence
     */
    record Spec(Isa isa, Activation activation, int columns, int input, int writes, boolean perRow)
            implements StepSpec {
        private ElementwiseKernel kernel() {
            return new ElementwiseKernel(isa, kernelActivation(activation));
        }

        @Override
        public List<Kernel> kernels() {
            return List.of(kernel());
        }

        @Override
        public List<Integer> reads() {
            return List.of(input);
        }

        @Override
        public boolean rowwise() {
            return perRow;
        }

        @Override
        public Step bind(Binding binding) {
            return new ActivateStep(this, binding.function(kernel()));
        }
    }

    private final Spec spec;
    private final NativeFunction function;

    private ActivateStep(Spec spec, NativeFunction function) {
        this.spec = spec;
        this.function = function;
    }

    /** The kernels' name of an activation of the graph. */
    static dev.hone.kernel.Activation kernelActivation(Activation activation) {
        return switch (activation) {
            case NONE -> dev.hone.kernel.Activation.NONE;
            case GELU -> dev.hone.kernel.Activation.GELU;
            case GELU_TANH -> dev.hone.kernel.Activation.GELU_TANH;
            case GELU_QUICK -> dev.hone.kernel.Activation.GELU_QUICK;
            case RELU -> dev.hone.kernel.Activation.RELU;
            case SILU -> dev.hone.kernel.Activation.SILU;
            case TANH -> dev.hone.kernel.Activation.TANH;
        };
    }

    @Override
    public String describe() {
        return spec.kernel().line();
    }

    @Override
    public StepWork work(PieceSize size) {
        return StepWork.onRows(0, size.count(spec.perRow()) * 2 * spec.columns() * Float.BYTES);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        function.call(workspace
                .arguments(worker, spec.input(), spec.writes())
                .number(share.startOf(spec.perRow()))
                .number(share.endOf(spec.perRow()))
                .number(spec.columns()));
    }
}
