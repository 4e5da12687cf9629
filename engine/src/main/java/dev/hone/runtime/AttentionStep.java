package dev.hone.runtime;

import dev.hone.graph.Op;
import dev.hone.kernel.AttentionKernel;
import dev.hone.kernel.Kernel;
import dev.hone.kernel.RowForm;
import dev.hone.machine.Isa;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.tensor.DType;
import java.util.List;

/** Attention of each sequence's heads; workers share the heads of all sequences. */
final class AttentionStep implements Step {
    /**
     * @param input merged queries, keys and values
     * @param inputForm how they lie
     * @param outputForm how the rows that it writes lie
     */
    record Spec(Isa isa, Op.Attention op, int input, RowForm inputForm, int writes, RowForm outputForm)
            implements StepSpec {
        private AttentionKernel kernel() {
            return new AttentionKernel(isa, op.headSize(), (float) op.scale(), inputForm, outputForm);
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
            return new AttentionStep(this, binding.function(kernel()));
        }

        @Override
        public long scratchBytes(int longestSequence) {
            return kernel().scratchBytes(longestSequence);
        }
    }

    private final Spec spec;
    private final NativeFunction function;

    private AttentionStep(Spec spec, NativeFunction function) {
        this.spec = spec;
        this.function = function;
    }

    @Override
    public String describe() {
        return spec.kernel().line() + " heads=" + spec.op().heads();
    }

    @Override
    public StepWork work(PieceSize size) {
        int columns = spec.op().heads() * spec.op().headSize();
        int words = spec.inputForm().words(3 * columns) + spec.outputForm().words(columns);
        DType arithmetic = spec.inputForm() == RowForm.BFLOATS ? DType.BF16 : DType.F32;
        return new StepWork(arithmetic, 4 * size.squares() * columns, 0, (long) size.rows() * words * Float.BYTES);
    }

    /**
     * Heads of all sequences stand in one row; a worker takes those whose work, as the square of the sequence's length,
     * begins in its part of the whole.
     */
    @Override
    public void run(Workspace workspace, Share share, int worker) {
        int heads = spec.op().heads();
        long total = 0;
        for (int sequence = share.firstSequence(); sequence < share.endSequence(); sequence++) {
            total += heads * work(workspace.length(sequence));
        }
        long from = total * share.part() / share.parts();
        long to = total * (share.part() + 1) / share.parts();
        long before = 0;
        for (int sequence = share.firstSequence(); sequence < share.endSequence() && before < to; sequence++) {
            long one = work(workspace.length(sequence));
            int first = clampHead(Math.ceilDiv(from - before, one));
            int end = clampHead(Math.ceilDiv(to - before, one));
            if (first < end) {
                call(workspace, sequence, first, end, worker);
            }
            before += heads * one;
        }
    }

    /** Products grow with the square of the length, packing and softmax's fixed part with the length. */
    private static long work(int length) {
        return (long) length * (length + 16);
    }

    private int clampHead(long head) {
        return Math.clamp(head, 0, spec.op().heads());
    }

    private void call(Workspace workspace, int sequence, int firstHead, int endHead, int worker) {
        function.call(workspace
                .arguments(worker, spec.input(), spec.writes())
                .pointer(workspace.scratch(worker))
                .number(workspace.start(sequence))
                .number(workspace.length(sequence))
                .number(firstHead)
                .number(endHead)
                .number((long) spec.op().heads() * spec.op().headSize()));
    }
}
