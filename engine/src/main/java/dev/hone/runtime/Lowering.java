package dev.hone.runtime;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.OpText;
import dev.hone.graph.PositionScheme;
import dev.hone.graph.Value;
import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearProduct;
import dev.hone.kernel.LinearSchedule;
import dev.hone.kernel.LinearSchedules;
import dev.hone.kernel.RowForm;
import dev.hone.machine.Isa;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a fused graph into steps over buffers. */
public final class Lowering {
    private final Graph graph;
    private final Isa isa;
    private final LinearSchedules schedules;
    private final List<StepSpec> steps = new ArrayList<>();
    private final List<String> nodes = new ArrayList<>();
    private final RowBuffers buffers;
    private final Map<String, Column> columns = new HashMap<>();
    private PlanSource.@Nullable Limits limits;

    /** A value that is one column of a buffer. */
    private record Column(Value matrix, int index) {}

    private Lowering(Graph graph, Isa isa, LinearSchedules schedules) {
        this.graph = graph;
        this.isa = isa;
        this.schedules = schedules;
        this.buffers = new RowBuffers(graph);
    }

    /**
     * Lowers a graph of fused operators.
     *
     * @throws HoneException of category UNSUPPORTED that names the first node that is not fused
     */
    public static PlanSource lower(Graph graph, Isa isa, LinearSchedules schedules) {
        return new Lowering(graph, isa, schedules).run();
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
        return new PlanSource(
                List.copyOf(steps), List.copyOf(nodes), buffers.plan(steps, outputs), List.copyOf(outputs), limits);
    }

    private void lower(Node node) {
        switch (node.op()) {
            case Op.Embedding embedding -> embedding(node, embedding);
            case Op.Linear linear -> linear(node, linear);
            case Op.QuantizedLinear linear -> linear(node, LinearProduct.BYTES, linear.activation(), constant(node, 2));
            case Op.GroupedLinear linear -> linear(node, LinearProduct.NIBBLES, linear.activation(), constant(node, 2));
            case Op.Attention attention -> attention(node, attention);
            case Op.ResidualLayerNorm norm -> layerNorm(node, floats(node.input(1)), norm.epsilon());
            case Op.LayerNorm norm -> layerNorm(node, LayerNormStep.NONE, norm.epsilon());
            case Op.FirstToken _ -> {
                int input = floats(node.input(0));
                step(node, new FirstTokenStep.Spec(input, newFloats(node)));
            }
            case Op.Pool pool -> {
                int input = floats(node.input(0));
                step(node, new PoolStep.Spec(isa, columns(node), pool.pooling(), input, newFloats(node)));
            }
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
        int input = floats(node.input(0));
        boolean perRow = buffers.perRow(input);
        step(node, new NormalizeStep.Spec(op.epsilon(), columns(node), input, newFloats(node), perRow));
    }

    private void activate(Node node, Op.Activate op) {
        int input = floats(node.input(0));
        boolean perRow = buffers.perRow(input);
        step(node, new ActivateStep.Spec(isa, op.activation(), columns(node), input, newFloats(node), perRow));
    }

    private void embedding(Node node, Op.Embedding op) {
        EmbeddingStep.Tables tables = EmbeddingStep.Tables.of(graph, node);
        step(node, new EmbeddingStep.Spec(isa, tables, op.epsilon(), newFloats(node)));
        PositionScheme positions = op.positions();
        long longest = tables.positions().shape().dim(0).value() - positions.offset();
        limits = new PlanSource.Limits(
                Math.toIntExact(tables.words().shape().dim(0).value()),
                graph.inputs().contains(node.input(1)) ? tables.typeCount() : 1,
                Math.toIntExact(longest),
                positions);
    }

    private void linear(Node node, Op.Linear op) {
        LinearProduct product = switch (constant(node, 1).type()) {
            case F16 -> LinearProduct.HALF_WEIGHTS;
            case BF16 -> LinearProduct.BFLOAT_WEIGHTS;
            default -> LinearProduct.FLOATS;
        };
        if (op.arithmetic() == DType.BF16) {
            requireBfloats(node);
            product = LinearProduct.BFLOATS;
        }
        linear(node, product, op.activation(), null);
    }

    private void linear(Node node, LinearProduct product, Activation activation, @Nullable Tensor scales) {
        Tensor weight = constant(node, 1);
        Tensor bias = constant(node, node.inputs().size() - 1);
        int input = buffers.get(node.input(0), product.input());
        RowForm form = outputForm(node);
        int output = buffers.add(node.output(), form);
        boolean perRow = buffers.perRow(input);
        LinearProblem problem = new LinearProblem(
                isa,
                product,
                fused(activation, product),
                form,
                Math.toIntExact(weight.shape().dim(1).value()),
                Math.toIntExact(weight.shape().dim(0).value()));
        LinearSchedule schedule = schedules.of(problem);
        step(node, new LinearStep.Spec(problem, schedule, weight, scales, bias, input, output, perRow));
    }

    private static dev.hone.kernel.Activation fused(Activation activation, LinearProduct product) {
        boolean isRough = activation == Activation.GELU && product.roundsBothOperands();
        return isRough ? dev.hone.kernel.Activation.GELU_ROUGH : ActivateStep.kernelActivation(activation);
    }

    private void attention(Node node, Op.Attention op) {
        RowForm form = RowBuffers.inputForm(op);
        if (form == RowForm.BFLOATS) {
            requireBfloats(node);
        }
        int input = buffers.get(node.input(0), form);
        RowForm outputForm = outputForm(node);
        int output = buffers.add(node.output(), outputForm);
        step(node, new AttentionStep.Spec(isa, op, input, form, output, outputForm));
    }

    private void requireBfloats(Node node) {
        if (!isa.hasBfloatProducts()) {
            throw unsupported("node " + node.name() + " (" + OpText.print(node.op()) + ") needs bf16 products, which "
                    + isa.label() + " lacks");
        }
    }

    /** bf16 where nothing reads anything else: products and attention can round what they write. */
    private RowForm outputForm(Node node) {
        boolean bfloats = buffers.forms(node.output()).equals(Set.of(RowForm.BFLOATS));
        return bfloats ? RowForm.BFLOATS : RowForm.FLOATS;
    }

    private void layerNorm(Node node, int residual, double epsilon) {
        int operands = node.inputs().size();
        int input = floats(node.input(0));
        int output = newFloats(node);
        RowForm second = buffers.forms(node.output()).stream()
                .filter(form -> form != RowForm.FLOATS && !isFixed(node.output(), form))
                .findFirst()
                .orElse(RowForm.FLOATS);
        step(
                node,
                new LayerNormStep.Spec(
                        isa,
                        constant(node, operands - 2),
                        constant(node, operands - 1),
                        epsilon,
                        input,
                        residual,
                        output,
                        second == RowForm.FLOATS ? LayerNormStep.NONE : buffers.add(node.output(), second),
                        second,
                        buffers.perRow(input)));
    }

    /** Adds a step and what converts its rows into forms that are read and that it does not write. */
    private void step(Node node, StepSpec step) {
        add(node, step);
        for (RowForm form : buffers.forms(node.output())) {
            if (!buffers.has(node.output(), form)) {
                int input = floats(node.output());
                int output = buffers.add(node.output(), form);
                add(node, conversion(node, form, input, output));
            }
        }
    }

    private StepSpec conversion(Node node, RowForm form, int input, int output) {
        boolean perRow = buffers.perRow(input);
        return isFixed(node.output(), form)
                ? new QuantizeStep.Spec(isa, columns(node), buffers.range(node.output()), input, output, perRow)
                : new ConvertStep.Spec(isa, columns(node), form, input, output, perRow);
    }

    /** Whether bytes have one range for all rows, which no other step writes. */
    private boolean isFixed(Value value, RowForm form) {
        return form == RowForm.QUANTIZED && !buffers.range(value).isOwn();
    }

    private void add(Node node, StepSpec step) {
        steps.add(step);
        nodes.add(node.name());
    }

    private int floats(Value value) {
        return buffers.get(value, RowForm.FLOATS);
    }

    private int newFloats(Node node) {
        return buffers.add(node.output(), RowForm.FLOATS);
    }

    private Tensor constant(Node node, int operand) {
        return graph.constant(node.input(operand))
                .orElseThrow(() -> unsupported("node " + node.name() + " (" + OpText.name(node.op()) + "): operand "
                        + node.input(operand).name() + " is not a constant"));
    }

    private PlanOutput output(String name, Value value) {
        Column column = columns.get(value.name());
        Value matrix = column == null ? value : column.matrix();
        int buffer = floats(matrix);
        int width = column == null ? Math.toIntExact(value.shape().last().value()) : 1;
        return new PlanOutput(name, buffer, buffers.perRow(buffer), column == null ? 0 : column.index(), width);
    }

    static HoneException unsupported(String complaint) {
        return new HoneException(Category.UNSUPPORTED, complaint + "; the runtime runs fused graphs only");
    }
}
