package dev.hone.runtime;

import dev.hone.kernel.Kernel;
import dev.hone.kernel.QuantizeKernel;
import dev.hone.kernel.RowForm;
import dev.hone.machine.Isa;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.tensor.RowRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Writes rows of floats as bytes of one fixed range; workers share the rows. */
final class QuantizeStep implements Step {
    /**
     * @param columns values in a row
     * @param perRow whether it has a row for each token or one for each sequence
     */
    record Spec(Isa isa, int columns, RowRange range, int input, int writes, boolean perRow) implements StepSpec {
        private QuantizeKernel kernel() {
            return new QuantizeKernel(isa, columns);
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
            // Another key than that of the step that makes the rows: steps take their constants side by side.
            MemorySegment facts = binding.constants()
                    .take(binding.node() + ".range", (long) QuantizeKernel.RANGE_WORDS * Float.BYTES, this::write);
            return new QuantizeStep(this, facts, binding.function(kernel()));
        }

        private void write(MemorySegment facts) {
            facts.set(ValueLayout.JAVA_FLOAT, 0, range.inverse());
            facts.set(ValueLayout.JAVA_FLOAT, Float.BYTES, range.step());
            facts.set(ValueLayout.JAVA_INT, 2 * Float.BYTES, range.zero());
        }
    }

    private final Spec spec;
    private final MemorySegment facts;
    private final NativeFunction function;

    private QuantizeStep(Spec spec, MemorySegment facts, NativeFunction function) {
        this.spec = spec;
        this.facts = facts;
        this.function = function;
    }

    @Override
    public String describe() {
        return spec.kernel().line();
    }

    @Override
    public StepWork work(PieceSize size) {
        int words = spec.columns() + RowForm.QUANTIZED.words(spec.columns());
        return StepWork.onRows(0, size.count(spec.perRow()) * words * Float.BYTES);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        function.call(workspace
                .arguments(worker, spec.input(), spec.writes())
                .number(share.startOf(spec.perRow()))
                .number(share.endOf(spec.perRow()))
                .pointer(facts));
    }
}
