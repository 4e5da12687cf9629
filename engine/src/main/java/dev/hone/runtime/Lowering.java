package dev.hone.runtime;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.OpText;
import dev.hone.graph.PositionScheme;
import dev.hone.graph.Value;
import dev.hone.machine.Isa;
import dev.hone.runtime.BufferPlan.Buffer;
import dev.hone.runtime.BufferPlan.Extent;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a fused graph into steps over buffers. */
public final class Lowering {
    private final Graph graph;
    private final Isa isa;
    private final List<StepSpec> steps = new ArrayList<>();
    private final List<Extent> extents = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final Map<String, Integer> buffers = new HashMap<>();
    private final Map<String, Column> columns = new HashMap<>();
    private PlanSource.@Nullable Limits limits;

    /** A value that is one column of a buffer. */
    private record Column(Value matrix, int index) {}

    private Lowering(Graph graph, Isa isa) {
        this.graph = graph;
        this.isa = isa;
    }

    /**
     * Lowers a graph of fused operators.
     *
     * @throws HoneException of category UNSUPPORTED that names the first node that is not fused
     */
    public static PlanSource lower(Graph graph, Isa isa) {
        return new Lowering(graph, isa).run();
    }

    private PlanSource run() {
        for (Node node : graph.nodes()) {
            lower(node);
        }
        if (limits == null) {
            throw unsupported("graph " + graph.name() + " has no embedding");
        }
        List<PlanOutput> outputs = new ArrayList<>();
        graph.outputs().forEach((name, value) -> outputs.add(output(name, value)));
        return new PlanSource(List.copyOf(steps), bufferPlan(outputs), List.copyOf(outputs), limits);
    }

    private void lower(Node node) {
        switch (node.op()) {
            case Op.Embedding embedding -> embedding(node, embedding);
            case Op.Linear linear -> linear(node, linear);
            case Op.Attention attention -> attention(node, attention);
            case Op.ResidualLayerNorm norm -> residualLayerNorm(node, norm);
            case Op.LayerNorm norm -> layerNorm(node, buffer(node.input(0)), LayerNormStep.NONE, norm.epsilon());
            case Op.FirstToken _ -> step(new FirstTokenStep.Spec(buffer(node.input(0)), newBuffer(node.output())));
            case Op.Pool pool ->
                step(new PoolStep.Spec(
                        isa, columns(node), pool.pooling(), buffer(node.input(0)), newBuffer(node.output())));
            case Op.Normalize normalize -> normalize(node, normalize);
            case Op.Activate activate -> activate(node, activate);
            case Op.Column column -> columns.put(node.name(), new Column(node.input(0), column.index()));
            case Op.Expand _ when isConstantTypes(node) -> {}
            default -> throw unsupported("node " + node.name() + " (" + OpText.name(node.op()) + ") has no kernel");
        }
    }

    /** Exports of models with one token type fill the types in themselves; the embedding then takes type 0 alone. */
    private boolean isConstantTypes(Node node) {
        boolean zero = graph.constant(node.input(0))
                .filter(tensor -> tensor.elementCount() == 1 && tensor.getLong(new long[tensor.rank()]) == 0)
                .isPresent();
        return zero
                && graph.readers(node.output()).stream()
                        .allMatch(reader -> reader.op() instanceof Op.Embedding
                                && reader.input(1).equals(node.output()));
    }

    private static int columns(Node node) {
        return Math.toIntExact(node.output().shape().last().value());
    }

    private void normalize(Node node, Op.Normalize op) {
        int input = buffer(node.input(0));
        boolean perRow = extents.get(input) == Extent.ROWS;
        step(new NormalizeStep.Spec(op.epsilon(), columns(node), input, newBuffer(node.output()), perRow));
    }

    private void activate(Node node, Op.Activate op) {
        int input = buffer(node.input(0));
        boolean perRow = extents.get(input) == Extent.ROWS;
        step(new ActivateStep.Spec(isa, op.activation(), columns(node), input, newBuffer(node.output()), perRow));
    }

    private void embedding(Node node, Op.Embedding op) {
        EmbeddingStep.Tables tables = EmbeddingStep.Tables.of(graph, node);
        step(new EmbeddingStep.Spec(isa, tables, op.epsilon(), newBuffer(node.output())));
        PositionScheme positions = op.positions();
        long longest = tables.positions().shape().dim(0).value() - positions.offset();
        limits = new PlanSource.Limits(
                Math.toIntExact(tables.words().shape().dim(0).value()),
                graph.inputs().contains(node.input(1)) ? tables.typeCount() : 1,
                Math.toIntExact(longest),
                positions);
    }

    private void residualLayerNorm(Node node, Op.ResidualLayerNorm op) {
        layerNorm(node, buffer(node.input(0)), buffer(node.input(1)), op.epsilon());
    }

    private static void requireFloats(Node node, DType arithmetic) {
        if (arithmetic != DType.F32) {
            throw unsupported("node " + node.name() + " (" + OpText.print(node.op()) + ") has no kernel");
        }
    }

    private void linear(Node node, Op.Linear op) {
        requireFloats(node, op.arithmetic());
        Tensor weight = constant(node, 1);
        Tensor bias = constant(node, 2);
        int input = buffer(node.input(0));
        boolean perRow = extents.get(input) == Extent.ROWS;
        step(new LinearStep.Spec(isa, op.activation(), weight, bias, input, newBuffer(node.output()), perRow));
    }

    private void attention(Node node, Op.Attention op) {
        requireFloats(node, op.arithmetic());
        step(new AttentionStep.Spec(isa, op, buffer(node.input(0)), newBuffer(node.output())));
    }

    private void layerNorm(Node node, int input, int residual, double epsilon) {
        int operands = node.inputs().size();
        boolean perRow = extents.get(input) == Extent.ROWS;
        step(new LayerNormStep.Spec(
                isa,
                constant(node, operands - 2),
                constant(node, operands - 1),
                epsilon,
                input,
                residual,
                newBuffer(node.output()),
                perRow));
    }

    private void step(StepSpec step) {
        steps.add(step);
    }

    private Tensor constant(Node node, int operand) {
        return graph.constant(node.input(operand))
                .orElseThrow(() -> unsupported("node " + node.name() + " (" + OpText.name(node.op()) + "): operand "
                        + node.input(operand).name() + " is not a constant"));
    }

    private int buffer(Value value) {
        Integer buffer = buffers.get(value.name());
        if (buffer == null) {
            throw unsupported("value " + value.name() + " is read but no step makes it");
        }
        return buffer;
    }

    private int newBuffer(Value value) {
        boolean perRow = value.shape().rank() == 3;
        if (value.shape().rank() < 2 || value.shape().rank() > 3) {
            throw unsupported("value " + value + " has neither a row for each token nor one for each sequence");
        }
        extents.add(perRow ? Extent.ROWS : Extent.SEQUENCES);
        widths.add(Padding.padded(Math.toIntExact(value.shape().last().value())));
        buffers.put(value.name(), extents.size() - 1);
        return extents.size() - 1;
    }

    private PlanOutput output(String name, Value value) {
        Column column = columns.get(value.name());
        Value matrix = column == null ? value : column.matrix();
        int buffer = buffer(matrix);
        int width = column == null ? Math.toIntExact(value.shape().last().value()) : 1;
        return new PlanOutput(
                name, buffer, extents.get(buffer) == Extent.ROWS, column == null ? 0 : column.index(), width);
    }

    private BufferPlan bufferPlan(List<PlanOutput> outputs) {
        int[] first = new int[extents.size()];
        int[] last = new int[extents.size()];
        for (int index = 0; index < steps.size(); index++) {
            first[steps.get(index).writes()] = index;
            last[steps.get(index).writes()] = index;
            for (int read : steps.get(index).reads()) {
                last[read] = index;
            }
        }
        outputs.forEach(output -> last[output.buffer()] = steps.size());
        List<Buffer> planned = new ArrayList<>();
        for (int index = 0; index < extents.size(); index++) {
            planned.add(new Buffer(extents.get(index), widths.get(index), first[index], last[index]));
        }
        return BufferPlan.of(planned);
    }

    private static HoneException unsupported(String complaint) {
        return new HoneException(Category.UNSUPPORTED, complaint + "; the runtime runs fused graphs only");
    }
}
