package dev.hone.runtime;

import dev.hone.kernel.ConvertKernel;
import dev.hone.kernel.Kernel;
import dev.hone.kernel.RowForm;
import dev.hone.machine.Isa;
import dev.hone.nativecode.system.NativeFunction;
import java.util.List;

/** Writes rows of floats in another form where the step that makes them cannot; workers share the rows. */
final class ConvertStep implements Step {
    /**
     * @param columns values in a row
     * @param perRow whether it has a row for each token or one for each sequence
     */
    record Spec(Isa isa, int columns, RowForm form, int input, int writes, boolean perRow) implements StepSpec {
        private ConvertKernel kernel() {
            return new ConvertKernel(isa, columns, form);
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
            return new ConvertStep(this, binding.function(kernel()));
        }
    }

    private final Spec spec;
    private final NativeFunction function;

    private ConvertStep(Spec spec, NativeFunction function) {
        this.spec = spec;
        this.function = function;
    }

    @Override
    public String describe() {
        return spec.kernel().line();
    }

    @Override
    public StepWork work(PieceSize size) {
        int words = spec.columns() + spec.form().words(spec.columns());
        return StepWork.onRows(0, size.count(spec.perRow()) * words * Float.BYTES);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        function.call(workspace
                .arguments(worker, spec.input(), spec.writes())
                .number(share.startOf(spec.perRow()))
                .number(share.endOf(spec.perRow())));
    }
}
