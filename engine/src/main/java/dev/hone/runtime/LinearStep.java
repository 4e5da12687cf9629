package dev.hone.runtime;

import dev.hone.kernel.Kernel;
import dev.hone.kernel.LinearKernel;
import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearSchedule;
import dev.hone.kernel.PackedWeights;
import dev.hone.kernel.WeightPacker;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A product with packed weights and its epilogue. */
final class LinearStep implements Step {
    /**
     * @param problem what is computed
     * @param schedule how it is walked through
     * @param weight [n, k]
     * @param scales [n] for bytes, [n, groups] for nibbles, else null
     * @param bias [n]
     * @param input buffer of the rows, in the product's form
     * @param perRow whether it has a row for each token or one for each sequence
     */
    record Spec(
            LinearProblem problem,
            LinearSchedule schedule,
            Tensor weight,
            @Nullable Tensor scales,
            Tensor bias,
            int input,
            int writes,
            boolean perRow)
            implements StepSpec {
        private LinearKernel kernel() {
            return problem.kernel(schedule);
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
            PackedWeights layout = problem.layout(schedule);
            MemorySegment packed = binding.constant(layout.bytes(), this::pack);
            return new LinearStep(this, layout, packed, binding.function(kernel()));
        }

        private void pack(MemorySegment packed) {
            boolean byColumns = weight.fastAxis() == 1;
            WeightPacker packer = new WeightPacker(
                    problem.layout(schedule),
                    (line, destination) -> weight.readLine(
                            byColumns ? 1 : 0,
                            byColumns ? new long[] {line, 0} : new long[] {0, line},
                            destination,
                            destination.length),
                    bias.toFloatArray(),
                    scales == null ? null : scales.toFloatArray(),
                    packed);
            packer.pack(byColumns ? WeightPacker.Lines.COLUMNS : WeightPacker.Lines.DEPTHS);
        }
    }

    private final Spec spec;
    private final PackedWeights layout;
    private final MemorySegment packed;
    private final NativeFunction function;
    private final int panels;

    private LinearStep(Spec spec, PackedWeights layout, MemorySegment packed, NativeFunction function) {
        this.spec = spec;
        this.layout = layout;
        this.packed = packed;
        this.function = function;
        this.panels = layout.panels();
    }

    @Override
    public String describe() {
        return spec.kernel().line() + spec.schedule().bandLine() + " n=" + layout.columns() + " k=" + layout.depth();
    }

    @Override
    public StepWork work(PieceSize size) {
        long rows = size.count(spec.perRow());
        DType arithmetic = switch (layout.product()) {
            case FLOATS, HALF_WEIGHTS, BFLOAT_WEIGHTS -> DType.F32;
            case BFLOATS -> DType.BF16;
            case BYTES, NIBBLES -> DType.I8;
        };
        int words = layout.product().input().words(layout.depth())
                + spec.problem().output().words(layout.columns());
        long operations = 2 * rows * layout.depth() * layout.columns();
        return new StepWork(arithmetic, operations, layout.bytes(), rows * words * Float.BYTES);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        int first = spec.perRow() ? share.firstRow() : share.firstSequence();
        int end = spec.perRow() ? share.endRow() : share.endSequence();
        int bandRows = spec.schedule().bandRows();
        Partition mine = Partition.of(end - first, panels, bandRows, share.part(), share.parts());
        if (!mine.isEmpty()) {
            call(workspace, worker, first, mine);
        }
    }

    private void call(Workspace workspace, int worker, int firstRow, Partition mine) {
        function.call(workspace
                .arguments(worker, spec.input())
                .pointer(packed)
                .pointer(workspace.buffer(spec.writes()))
                .number(workspace.stride(spec.writes()))
                .number(firstRow + mine.firstRow())
                .number(firstRow + mine.endRow())
                .number(mine.firstPanel())
                .number(mine.endPanel())
                .number(layout.words())
                .number(layout.columns()));
    }
}
