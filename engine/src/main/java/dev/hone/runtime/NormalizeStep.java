package dev.hone.runtime;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.hone.kernel.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Divides each sequence's row by its Euclidean length; a few hundred values a sequence need no kernel. */
final class NormalizeStep implements Step {
    /**
     * @param epsilon the least length that is divided by
     * @param columns values in a row
     * @param perRow whether it has a row for each token or one for each sequence
     */
    record Spec(double epsilon, int columns, int input, int writes, boolean perRow) implements StepSpec {
        @Override
        public List<Kernel> kernels() {
            return List.of();
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
            return new NormalizeStep(this);
        }
    }

    private final Spec spec;

    private NormalizeStep(Spec spec) {
        this.spec = spec;
    }

    @Override
    public String describe() {
        return "normalize columns=" + spec.columns();
    }

    @Override
    public StepWork work(PieceSize size) {
        return StepWork.onRows(0, size.count(spec.perRow()) * 2 * spec.columns() * Float.BYTES);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        MemorySegment from = workspace.buffer(spec.input());
        MemorySegment to = workspace.buffer(spec.writes());
        for (int row = share.startOf(spec.perRow()); row < share.endOf(spec.perRow()); row++) {
            long start = row * workspace.stride(spec.input());
            double squares = 0;
            for (int column = 0; column < spec.columns(); column++) {
                double value = from.getAtIndex(JAVA_FLOAT, start + column);
                squares += value * value;
            }
            double length = Math.max(Math.sqrt(squares), spec.epsilon());
            long target = row * workspace.stride(spec.writes());
            for (int column = 0; column < spec.columns(); column++) {
                float value = from.getAtIndex(JAVA_FLOAT, start + column);
                to.setAtIndex(JAVA_FLOAT, target + column, (float) (value / length));
            }
        }
    }
}
