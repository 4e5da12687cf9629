package dev.hone.runtime;

import dev.hone.kernel.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Copies the first row of each sequence; a copy of a few rows needs no kernel. */
final class FirstTokenStep implements Step {
    /**
     * @param input a buffer of token rows
     * @param writes a buffer of sequence rows of the same width
     */
    record Spec(int input, int writes) implements StepSpec {
        @Override
        public List<Kernel> kernels() {
            return List.of();
        }

        @Override
        public List<Integer> reads() {
            return List.of(input);
        }

        @Override
        public Step bind(Binding binding) {
            return new FirstTokenStep(this);
        }
    }

    private final Spec spec;

    private FirstTokenStep(Spec spec) {
        this.spec = spec;
    }

    @Override
    public String describe() {
        return "first_token";
    }

    /** How wide the rows are is known to the workspace only; a row for each sequence is nothing beside the rest. */
    @Override
    public StepWork work(PieceSize size) {
        return StepWork.onRows(0, 0);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        long bytes = workspace.stride(spec.input()) * Float.BYTES;
        int first = share.firstSequence() + share.start(share.sequences());
        int end = share.firstSequence() + share.end(share.sequences());
        for (int sequence = first; sequence < end; sequence++) {
            long from = workspace.start(sequence) * bytes;
            MemorySegment.copy(
                    workspace.buffer(spec.input()), from, workspace.buffer(spec.writes()), sequence * bytes, bytes);
        }
    }
}
