package dev.hone.runtime;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.kernel.EmbeddingKernel;
import dev.hone.kernel.EmbeddingKernel.WordType;
import dev.hone.kernel.Kernel;
import dev.hone.machine.Isa;
import dev.hone.nativecode.system.NativeFunction;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks up, adds and normalises the embeddings; workers share the rows. */
final class EmbeddingStep implements Step {
    /**
     * The constants of an embedding.
     *
     * @param words [vocabulary, e]
     * @param positions [positions, e]
     * @param types [types, e], or null where the model has none
     * @param gamma [e]
     * @param beta [e]
     */
    record Tables(Tensor words, Tensor positions, @Nullable Tensor types, Tensor gamma, Tensor beta) {
        /**
         * Operands are ids, types, words, positions, type table, gamma, beta; without types the second and fifth are
         * absent.
         */
        static Tables of(Graph graph, Node node) {
            List<Tensor> constants = node.inputs().stream()
                    .flatMap(value -> graph.constant(value).stream())
                    .toList();
            return switch (constants.size()) {
                case 4 -> new Tables(constants.get(0), constants.get(1), null, constants.get(2), constants.get(3));
                case 5 ->
                    new Tables(
                            constants.get(0), constants.get(1), constants.get(2), constants.get(3), constants.get(4));
                default ->
                    throw new IllegalArgumentException(
                            "embedding " + node.name() + " has " + constants.size() + " constant operands");
            };
        }

        /** Rows of the type table; 1 where there is none. */
        int typeCount() {
            return types == null ? 1 : Math.toIntExact(types.shape().dim(0).value());
        }

        int columns() {
            return Math.toIntExact(words.shape().last().value());
        }
    }

    /**
     * @param tables its constants
     * @param writes the buffer of token rows
     */
    record Spec(Isa isa, Tables tables, double epsilon, int writes) implements StepSpec {
        private EmbeddingKernel kernel() {
            return new EmbeddingKernel(
                    isa, tables.columns(), wordType(Binding.tableType(tables.words())), tables.types() != null);
        }

        private static WordType wordType(DType type) {
            return switch (type) {
                case F16 -> WordType.F16;
                case BF16 -> WordType.BF16;
                case F32 -> WordType.F32;
                case F64, I64, I32, I16, I8, U8, BOOL ->
                    throw new IllegalArgumentException("a word table of " + type.text());
            };
        }

        @Override
        public List<Kernel> kernels() {
            return List.of(kernel());
        }

        @Override
        public List<Integer> reads() {
            return List.of();
        }

        @Override
        public boolean rowwise() {
            return true;
        }

        @Override
        public Step bind(Binding binding) {
            return new EmbeddingStep(this, binding);
        }
    }

    private final Spec spec;
    private final NativeFunction function;
    private final MemorySegment words;
    private final MemorySegment types;
    private final MemorySegment positions;
    private final MemorySegment gamma;
    private final MemorySegment beta;

    private EmbeddingStep(Spec spec, Binding binding) {
        this.spec = spec;
        this.function = binding.function(spec.kernel());
        this.words = binding.table(spec.tables().words());
        Tensor typeTable = spec.tables().types();
        this.types = typeTable == null ? words : binding.floatTable(typeTable);
        this.positions = binding.floatTable(spec.tables().positions());
        this.gamma = binding.vector(spec.tables().gamma());
        this.beta = binding.vector(spec.tables().beta());
    }

    @Override
    public String describe() {
        return spec.kernel().line();
    }

    /** Each row takes one of the word table, the position table and, where there is one, the type table. */
    @Override
    public StepWork work(PieceSize size) {
        EmbeddingStep.Tables tables = spec.tables();
        long columns = tables.columns();
        long looked = columns * (Binding.tableType(tables.words()).bytes() + Float.BYTES);
        long typed = tables.types() == null ? 0 : columns * Float.BYTES;
        return StepWork.onRows(
                2 * columns * Float.BYTES + size.rows() * (looked + typed), size.rows() * columns * Float.BYTES);
    }

    @Override
    public void run(Workspace workspace, Share share, int worker) {
        long columns = spec.tables().columns();
        function.call(workspace
                .arguments(worker)
                .pointer(workspace.ids())
                .pointer(workspace.types())
                .pointer(workspace.positions())
                .pointer(words)
                .number(columns)
                .pointer(types)
                .number(columns)
                .pointer(positions)
                .number(columns)
                .pointer(gamma)
                .pointer(beta)
                .pointer(workspace.buffer(spec.writes()))
                .number(workspace.stride(spec.writes()))
                .number(share.firstRow() + share.start(share.rows()))
                .number(share.firstRow() + share.end(share.rows()))
                .real((float) spec.epsilon()));
    }
}
