package dev.hone.runtime;

import dev.hone.graph.Op;
import dev.hone.kernel.Kernel;
import dev.hone.kernel.PoolKernel;
import dev.hone.machine.Isa;
import dev.hone.nativecode.system.NativeFunction;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** One row from the rows of each sequence; workers share the sequences. */
final class PoolStep implements Step {
    /** @param columns values in a row */
    record Spec(Isa isa, int columns, Op.Pooling pooling, int input, int writes) implements StepSpec {
        private PoolKernel kernel() {
            PoolKernel.Pooling kind = switch (pooling) {
                case MEAN -> PoolKernel.Pooling.MEAN;
                case CLS -> PoolKernel.Pooling.CLS;
                case MAX -> PoolKernel.Pooling.MAX;
            };
            return new PoolKernel(isa, columns, kind, false);
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
        public Step bind(Binding binding) {
            return new PoolStep(this, binding.function(kernel()));
        }
    }

    private final Spec spec;
    private final NativeFunction function;

    private PoolStep(Spec spec, NativeFunction function) {
        this.spec = spec;
        this.function = function;
    }

    @Override
    public String describe() {
        return spec.kernel().line();
    }

    @Override
    public StepWork work(PieceSize size) {
        return StepWork.onRows(0, (long) (size.rows() + size.sequences()) * spec.columns() * Float.BYTES);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        int first = share.firstSequence() + share.start(share.sequences());
        int end = share.firstSequence() + share.end(share.sequences());
        for (int sequence = first; sequence < end; sequence++) {
            long rowBytes = workspace.stride(spec.writes()) * Float.BYTES;
            MemorySegment row = workspace.buffer(spec.writes()).asSlice(sequence * rowBytes, rowBytes);
            function.call(workspace
                    .arguments(worker, spec.input())
                    .number(workspace.start(sequence))
                    .number(workspace.start(sequence + 1))
                    .pointer(row));
        }
    }
}
