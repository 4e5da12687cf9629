package dev.hone.transform;

import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Op.UnaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Fused operators become the small ones that a model's own modules compute, as an exported file has them: queries, keys
 * and values each by a layer of their own, scores divided by the root of the heads' size, GELU by the error function.
 *
 * <p>{@link Pipelines#INFERENCE} is the way back. 16-bit weights are seen as f32, as they are read from files.
 */
public final class TakeApart implements Pass {
    private static final List<Integer> HEADS_OUT = List.of(0, 2, 1, 3);
    private static final List<Integer> KEYS_OUT = List.of(0, 2, 3, 1);
    private static final List<String> PROJECTIONS = List.of("query", "key", "value");

    @Override
    public String name() {
        return "TakeApart";
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        return new Parts(graph, account).run();
    }

    /** One graph on its way. */
    private static final class Parts {
        private final Rebuilding to;
        private final Graph graph;
        private final PassAccount account;

        Parts(Graph graph, PassAccount account) {
            this.graph = graph;
            this.account = account;
            this.to = new Rebuilding(graph);
        }

        Graph run() {
            graph.nodes().forEach(this::take);
            return to.finish();
        }

        private void take(Node node) {
            switch (node.op()) {
                case Op.Linear _ when attentionOf(node).isPresent() -> {
                    // Its columns become three layers where the attention is taken apart.
                }
                case Op.Linear linear -> fired(node, () -> linear(linear, node));
                case Op.Attention attention -> fired(node, () -> attention(attention, node));
                case Op.Embedding embedding -> fired(node, () -> embedding(embedding, node));
                case Op.Activate activate ->
                    fired(node, () -> activated(node.name(), to.get(node.input(0)), activate.activation()));
                case Op.ResidualLayerNorm norm ->
                    fired(node, () -> {
                        Value sum = binary(BinaryFunction.ADD, node.name() + ".sum", node.input(0), node.input(1));
                        return to.node(
                                node.name(), new Op.LayerNorm(norm.epsilon()), sum, node.input(2), node.input(3));
                    });
                default -> to.node(node.name(), node.op(), node.inputs().toArray(Value[]::new));
            }
        }

        private void fired(Node node, java.util.function.Supplier<Value> parts) {
            account.fire(node.name());
            to.define(node.output(), parts.get());
        }

        private Value binary(BinaryFunction function, String name, Value left, Value right) {
            return to.node(name, new Op.Binary(function), left, right);
        }

        private Value binary(BinaryFunction function, String name, Value left, double right) {
            return binary(function, name, left, to.number(right));
        }

        private Value unary(UnaryFunction function, String name, Value operand) {
            return to.node(name, new Op.Unary(function), operand);
        }

        /** The attention that alone reads a layer of merged queries, keys and values with constant weights. */
        private Optional<Node> attentionOf(Node linear) {
            List<Node> readers = graph.readers(linear.output());
            boolean merged = readers.size() == 1
                    && readers.getFirst().op() instanceof Op.Attention
                    && !graph.isOutput(linear.output())
                    && ((Op.Linear) linear.op()).activation() == Activation.NONE
                    && graph.constant(linear.input(1)).isPresent()
                    && graph.constant(linear.input(2)).isPresent();
            return merged ? Optional.of(readers.getFirst()) : Optional.empty();
        }

        private Value linear(Op.Linear op, Node node) {
            boolean activates = op.activation() != Activation.NONE;
            String name = activates ? node.name() + ".linear" : node.name();
            Value product = to.node(name + ".product", new Op.MatMul(), node.input(0), columns(node.input(1)));
            Value sum = binary(BinaryFunction.ADD, name, product, node.input(2));
            return activates ? activated(node.name(), sum, op.activation()) : sum;
        }

        /** Weights with rows and columns exchanged; by a node where something else reads them as they are. */
        private Value columns(Value weight) {
            Optional<Tensor> tensor = graph.constant(weight);
            boolean onlyHere = graph.readers(weight).stream()
                    .allMatch(reader -> reader.op() instanceof Op.Linear
                            && reader.input(1).equals(weight)
                            && !reader.input(0).equals(weight));
            return tensor.isPresent() && onlyHere
                    ? to.constant(weight.name() + ".columns", tensor.get().transposed())
                    : to.node(weight.name() + ".transposed", new Op.Transpose(List.of(1, 0)), weight);
        }

        private Value activated(String name, Value x, Activation activation) {
            return switch (activation) {
                case NONE -> x;
                case GELU -> {
                    Value inner = binary(BinaryFunction.DIVIDE, name + ".scaled", x, Math.sqrt(2));
                    Value erf = unary(UnaryFunction.ERF, name + ".erf", inner);
                    Value shifted = binary(BinaryFunction.ADD, name + ".shifted", erf, 1);
                    Value product = binary(BinaryFunction.MULTIPLY, name + ".product", x, shifted);
                    yield binary(BinaryFunction.MULTIPLY, name, product, 0.5);
                }
                case GELU_TANH -> geluTanh(name, x);
                case GELU_QUICK -> {
                    Value scaled = binary(BinaryFunction.MULTIPLY, name + ".scaled", x, 1.702);
                    Value gate = unary(UnaryFunction.SIGMOID, name + ".gate", scaled);
                    yield binary(BinaryFunction.MULTIPLY, name, x, gate);
                }
                case RELU -> binary(BinaryFunction.MAXIMUM, name, x, 0);
                case SILU -> binary(BinaryFunction.MULTIPLY, name, x, unary(UnaryFunction.SIGMOID, name + ".gate", x));
                case TANH -> unary(UnaryFunction.TANH, name, x);
            };
        }

        private Value geluTanh(String name, Value x) {
            Value square = binary(BinaryFunction.MULTIPLY, name + ".square", x, x);
            Value cube = binary(BinaryFunction.MULTIPLY, name + ".cube", square, x);
            Value small = binary(BinaryFunction.MULTIPLY, name + ".small", cube, 0.044715);
            Value sum = binary(BinaryFunction.ADD, name + ".sum", x, small);
            Value inner = binary(BinaryFunction.MULTIPLY, name + ".inner", sum, Math.sqrt(2 / Math.PI));
            Value tanh = unary(UnaryFunction.TANH, name + ".tanh", inner);
            Value shifted = binary(BinaryFunction.ADD, name + ".shifted", tanh, 1);
            Value half = binary(BinaryFunction.MULTIPLY, name + ".half", x, 0.5);
            return binary(BinaryFunction.MULTIPLY, name, half, shifted);
        }

        private Value embedding(Op.Embedding op, Node node) {
            int count = node.inputs().size();
            boolean typed = count == 7;
            Value words = typed ? node.input(2) : node.input(1);
            Value places = typed ? node.input(3) : node.input(2);
            String name = node.name();
            Value sum = to.node(name + ".words", new Op.Gather(0), words, node.input(0));
            if (typed) {
                Value types = to.node(name + ".types", new Op.Gather(0), node.input(4), node.input(1));
                sum = binary(BinaryFunction.ADD, name + ".words_and_types", sum, types);
            }
            Value rows = to.node(name + ".positions", new Op.Gather(0), places, positions(op, node));
            Value all = binary(BinaryFunction.ADD, name + ".sum", sum, rows);
            return to.node(name, new Op.LayerNorm(op.epsilon()), all, node.input(count - 2), node.input(count - 1));
        }

        /** 0 1 2 … and an offset, or, where padding is skipped, the number of tokens so far plus the padding's id. */
        private Value positions(Op.Embedding op, Node node) {
            String name = node.name() + ".places";
            Value ids = node.input(0);
            int skipped = op.positions().skippedId();
            int offset = op.positions().offset();
            if (skipped < 0) {
                Value range = to.node(name, new Op.Range(ids.shape().last()));
                return offset == 0 ? range : binary(BinaryFunction.ADD, name + ".shifted", range, to.integer(offset));
            }
            Value padding = binary(BinaryFunction.EQUAL, name + ".padding", ids, to.integer(skipped));
            Value tokens = unary(UnaryFunction.NOT, name + ".tokens", padding);
            Value counts = to.node(name + ".counts", new Op.Cast(DType.I64), tokens);
            Value sums = to.node(name + ".sums", new Op.CumulativeSum(1), counts);
            Value kept = binary(BinaryFunction.MULTIPLY, name + ".kept", sums, counts);
            return binary(BinaryFunction.ADD, name, kept, to.integer(offset - 1L));
        }

        private Value attention(Op.Attention op, Node node) {
            String name = node.name();
            Optional<Node> merged = graph.producer(node.input(0))
                    .filter(found -> found.op() instanceof Op.Linear
                            && attentionOf(found).isPresent());
            Value queries = heads(op, node, projection(op, node, merged, 0), 0);
            Value keys = heads(op, node, projection(op, node, merged, 1), 1);
            Value values = heads(op, node, projection(op, node, merged, 2), 2);
            Value product = to.node(name + ".product", new Op.MatMul(), queries, keys);
            Value masked = binary(BinaryFunction.ADD, name + ".masked", scaled(op, name, product), mask(node.input(1)));
            Value weights = to.node(name + ".weights", new Op.Softmax(3), masked);
            Value mixed = to.node(name + ".mixed", new Op.MatMul(), weights, values);
            Value turned = to.node(name + ".turned", new Op.Transpose(HEADS_OUT), mixed);
            return to.node(name, new Op.Reshape(node.output().shape()), turned);
        }

        private Value scaled(Op.Attention op, String name, Value product) {
            double root = Math.sqrt(op.headSize());
            return op.scale() == 1 / root
                    ? binary(BinaryFunction.DIVIDE, name + ".scores", product, root)
                    : binary(BinaryFunction.MULTIPLY, name + ".scores", product, op.scale());
        }

        private Value projection(Op.Attention op, Node node, Optional<Node> merged, int index) {
            long width = (long) op.heads() * op.headSize();
            Dim from = Dim.of(index * width);
            Dim end = Dim.of((index + 1) * width);
            String name = node.name() + "." + PROJECTIONS.get(index);
            if (merged.isEmpty()) {
                return to.node(name, new Op.Slice(2, from, end), node.input(0));
            }
            Tensor weight = graph.constant(merged.get().input(1)).orElseThrow();
            Tensor bias = graph.constant(merged.get().input(2)).orElseThrow();
            Tensor part = Tensor.sliced(weight, 0, from.value(), end.value());
            Value columns = to.constant(name + ".weight.columns", part.transposed());
            Value product =
                    to.node(name + ".product", new Op.MatMul(), merged.get().input(0), columns);
            Value numbers = to.constant(name + ".bias", Tensor.sliced(bias, 0, from.value(), end.value()));
            return binary(BinaryFunction.ADD, name, product, numbers);
        }

        private Value heads(Op.Attention op, Node node, Value rows, int index) {
            String name = node.name() + "." + PROJECTIONS.get(index);
            Dim heads = Dim.of(op.heads());
            Shape split = Shape.of(rows.shape().dim(0), rows.shape().dim(1), heads, Dim.of(op.headSize()));
            Value apart = to.node(name + ".split", new Op.Reshape(split), rows);
            return to.node(name + ".heads", new Op.Transpose(index == 1 ? KEYS_OUT : HEADS_OUT), apart);
        }

        /** Zero for tokens and the lowest number for padding, as [b, 1, 1, s]; all layers share it. */
        private Value mask(Value mask) {
            String name = mask.name() + ".additive";
            return to.once(name, () -> {
                Value numbers = to.node(name + ".numbers", new Op.Cast(DType.F32), mask);
                Dim one = Dim.of(1);
                Shape wide =
                        Shape.of(mask.shape().dim(0), one, one, mask.shape().dim(1));
                Value spread = to.node(name + ".spread", new Op.Reshape(wide), numbers);
                Value padding = binary(BinaryFunction.SUBTRACT, name + ".padding", to.number(1), spread);
                return binary(BinaryFunction.MULTIPLY, name, padding, -Float.MAX_VALUE);
            });
        }
    }
}
