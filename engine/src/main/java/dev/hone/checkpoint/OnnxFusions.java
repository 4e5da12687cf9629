package dev.hone.checkpoint;

import static dev.hone.checkpoint.OnnxAttributes.integer;
import static dev.hone.checkpoint.OnnxAttributes.integers;
import static dev.hone.checkpoint.OnnxAttributes.real;

import dev.hone.HoneException;
import dev.hone.graph.Activation;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.OpText;
import dev.hone.graph.PositionScheme;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Takes fused operators apart into standard ONNX operators; each method gives the name of its result. */
final class OnnxFusions {
    /** What a masked score gets added: the lowest f32, which softmax turns into zero beside any other score. */
    private static final double MASKED = -Float.MAX_VALUE;

    private final OnnxEmission onnx;

    OnnxFusions(OnnxEmission onnx) {
        this.onnx = onnx;
    }

    void write(Op.Fused op, Node node, String output) {
        String result = switch (op) {
            case Op.Embedding embedding -> embedding(embedding, node);
            case Op.Linear linear -> linear(linear, node);
            case Op.QuantizedLinear _ ->
                throw unsupported(node, "ONNX has no operator that quantises each row of a product by itself");
            case Op.GroupedLinear _ ->
                throw unsupported(
                        node, "ONNX has no operator that quantises rows and takes weights of 4 bits in groups");
            case Op.Attention attention -> attention(attention, node);
            case Op.FirstToken _ -> firstToken(onnx.floats(node.input(0)));
            case Op.Column column -> picked(onnx.floats(node.input(0)), 2, column.index());
            case Op.Pool pool -> pool(pool.pooling(), node);
        };
        finish(output, result, node);
    }

    /** Gives a float result its name, and its type where that is not f32. */
    void finish(String output, String result, Node node) {
        DType type = node.output().type();
        if (type == DType.F32 || !type.isFloat()) {
            onnx.rename(output, result);
        } else {
            onnx.castInto(output, result, type);
        }
    }

    private String binary(String operator, String left, String right) {
        return onnx.node(operator, List.of(left, right));
    }

    String layerNorm(String x, Value gamma, Value beta, double epsilon) {
        return onnx.node(
                "LayerNormalization",
                List.of(x, onnx.floats(gamma), onnx.floats(beta)),
                integer("axis", -1),
                real("epsilon", epsilon));
    }

    void residualLayerNorm(Op.ResidualLayerNorm op, Node node, String output) {
        String sum = binary("Add", onnx.floats(node.input(0)), onnx.floats(node.input(1)));
        finish(output, layerNorm(sum, node.input(2), node.input(3), op.epsilon()), node);
    }

    void normalize(Op.Normalize op, Node node, String output) {
        String x = onnx.floats(node.input(0));
        String length = onnx.reduced("ReduceL2", x, List.of(-1), true);
        finish(output, binary("Div", x, binary("Max", length, onnx.number(op.epsilon()))), node);
    }

    String activated(String x, Activation activation) {
        return switch (activation) {
            case NONE -> x;
            case GELU -> {
                String erf = onnx.node("Erf", List.of(binary("Div", x, onnx.number(Math.sqrt(2)))));
                yield binary("Mul", binary("Mul", x, binary("Add", erf, onnx.number(1))), onnx.number(0.5));
            }
            case GELU_TANH -> {
                String cubed = binary("Mul", binary("Mul", x, binary("Mul", x, x)), onnx.number(0.044715));
                String inner = binary("Mul", binary("Add", x, cubed), onnx.number(Math.sqrt(2 / Math.PI)));
                String tanh = onnx.node("Tanh", List.of(inner));
                yield binary("Mul", binary("Mul", x, onnx.number(0.5)), binary("Add", tanh, onnx.number(1)));
            }
            case GELU_QUICK -> binary("Mul", x, onnx.node("Sigmoid", List.of(binary("Mul", x, onnx.number(1.702)))));
            case RELU -> onnx.node("Relu", List.of(x));
            case SILU -> binary("Mul", x, onnx.node("Sigmoid", List.of(x)));
            case TANH -> onnx.node("Tanh", List.of(x));
        };
    }

    private String embedding(Op.Embedding op, Node node) {
        int count = node.inputs().size();
        boolean typed = count == 7;
        int words = typed ? 2 : 1;
        String sum = row(node.input(words), onnx.name(node.input(0)));
        if (typed) {
            sum = binary("Add", sum, row(node.input(4), onnx.name(node.input(1))));
        }
        String places = row(node.input(words + 1), positions(op.positions(), node.input(0)));
        return layerNorm(binary("Add", sum, places), node.input(count - 2), node.input(count - 1), op.epsilon());
    }

    /** Rows of a table, as f32. */
    private String row(Value table, String indices) {
        String rows = onnx.node("Gather", List.of(onnx.name(table), indices), integer("axis", 0));
        return onnx.floats(rows, table.type());
    }

    private String positions(PositionScheme scheme, Value ids) {
        if (scheme.skippedId() < 0) {
            String places = onnx.node(
                    "Range", List.of(scalar(Dim.of(0)), scalar(ids.shape().last()), scalar(Dim.of(1))));
            return scheme.offset() == 0 ? places : binary("Add", places, onnx.integers(scheme.offset()));
        }
        String name = ids.type() == DType.I64 ? onnx.name(ids) : onnx.cast(onnx.name(ids), DType.I64);
        String padding = binary("Equal", name, onnx.integers(scheme.skippedId()));
        String counts = onnx.cast(onnx.node("Not", List.of(padding)), DType.I64);
        String axis = onnx.constant(Tensor.ofLongs(Shape.SCALAR, 1));
        String places = binary("Mul", onnx.node("CumSum", List.of(counts, axis)), counts);
        return binary("Add", places, onnx.integers(scheme.offset() - 1L));
    }

    void range(String output, Dim extent) {
        onnx.nodeInto(output, "Range", List.of(scalar(Dim.of(0)), scalar(extent), scalar(Dim.of(1))));
    }

    private String scalar(Dim dim) {
        return dim.isFixed()
                ? onnx.constant(Tensor.ofLongs(Shape.SCALAR, dim.value()))
                : onnx.node("Squeeze", List.of(onnx.extent(dim)));
    }

    private static HoneException unsupported(Node node, String reason) {
        return new HoneException(
                HoneException.Category.UNSUPPORTED,
                "node " + node.name() + " (" + OpText.print(node.op()) + ") is not written: " + reason
                        + "; write the model before its precision is lowered");
    }

    private static void requireFloats(Node node, DType arithmetic) {
        if (arithmetic != DType.F32) {
            throw unsupported(node, "products of bf16 with sums of f32 are no ONNX operator");
        }
    }

    private String linear(Op.Linear op, Node node) {
        requireFloats(node, op.arithmetic());
        String product = binary("MatMul", onnx.floats(node.input(0)), columns(node.input(1)));
        return activated(binary("Add", product, onnx.floats(node.input(2))), op.activation());
    }

    /**
     * The weights with rows and columns exchanged: in the file where only this reads them, otherwise by an operator.
     */
    private String columns(Value weight) {
        Optional<Tensor> tensor = onnx.graph().constant(weight);
        boolean onlyHere = onnx.graph().readers(weight).stream().allMatch(reader -> isWeightOnly(reader, weight))
                && !onnx.graph().isOutput(weight);
        if (tensor.isPresent() && onlyHere) {
            String transposed = onnx.once(
                    "columns of " + weight.name(),
                    () -> onnx.initializer(
                            weight.name() + "/columns", tensor.get().transposed()));
            return onnx.floats(transposed, weight.type());
        }
        return onnx.node("Transpose", List.of(onnx.floats(weight)), integers("perm", List.of(1, 0)));
    }

    private static boolean isWeightOnly(Node reader, Value weight) {
        return reader.op() instanceof Op.Linear
                && reader.input(1).equals(weight)
                && !reader.input(0).equals(weight);
    }

    private String attention(Op.Attention op, Node node) {
        requireFloats(node, op.arithmetic());
        long width = (long) op.heads() * op.headSize();
        List<String> parts = onnx.nodes(
                3,
                "Split",
                List.of(onnx.floats(node.input(0)), onnx.integers(width, width, width)),
                integer("axis", 2));
        String queries = heads(op, parts.get(0), List.of(0, 2, 1, 3));
        String keys = heads(op, parts.get(1), List.of(0, 2, 3, 1));
        String values = heads(op, parts.get(2), List.of(0, 2, 1, 3));
        String scores = binary("Mul", binary("MatMul", queries, keys), onnx.number(op.scale()));
        String masked = binary("Add", scores, additiveMask(node.input(1)));
        String weights = onnx.node("Softmax", List.of(masked), integer("axis", -1));
        String mixed = onnx.node(
                "Transpose", List.of(binary("MatMul", weights, values)), integers("perm", List.of(0, 2, 1, 3)));
        return binary("Reshape", mixed, onnx.integers(0, 0, width));
    }

    private String heads(Op.Attention op, String part, List<Integer> permutation) {
        String split = binary("Reshape", part, onnx.integers(0, 0, op.heads(), op.headSize()));
        return onnx.node("Transpose", List.of(split), integers("perm", permutation));
    }

    /** Zero for tokens and the lowest number for padding, as [batch, 1, 1, sequence]. */
    private String additiveMask(Value mask) {
        return onnx.once("additive mask of " + mask.name(), () -> {
            String wide = binary("Unsqueeze", onnx.floats(mask), onnx.integers(1, 2));
            return binary("Mul", binary("Sub", onnx.number(1), wide), onnx.number(MASKED));
        });
    }

    private String firstToken(String x) {
        return picked(x, 1, 0);
    }

    private String picked(String x, int axis, long index) {
        String place = onnx.constant(Tensor.ofLongs(Shape.SCALAR, index));
        return onnx.node("Gather", List.of(x, place), integer("axis", axis));
    }

    private String pool(Op.Pooling pooling, Node node) {
        String x = onnx.floats(node.input(0));
        return switch (pooling) {
            case CLS -> firstToken(x);
            case MEAN -> {
                String mask = binary("Unsqueeze", onnx.floats(node.input(1)), onnx.integers(2));
                String sum = sum(binary("Mul", x, mask));
                yield binary("Div", sum, binary("Max", sum(mask), onnx.number(1)));
            }
            case MAX -> {
                String truth = onnx.cast(onnx.name(node.input(1)), DType.BOOL);
                String mask = binary("Unsqueeze", truth, onnx.integers(2));
                String tokens = onnx.node("Where", List.of(mask, x, onnx.number(MASKED)));
                yield onnx.reduced("ReduceMax", tokens, List.of(1), false);
            }
        };
    }

    private String sum(String x) {
        return onnx.reduced("ReduceSum", x, List.of(1), false);
    }
}
