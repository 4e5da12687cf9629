package dev.hone.checkpoint;

import static dev.hone.checkpoint.OnnxAttributes.integer;
import static dev.hone.checkpoint.OnnxAttributes.integers;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Writes each operator of a graph as standard ONNX operators. */
final class OnnxPrimitives {
    private final OnnxEmission onnx;
    private final OnnxFusions fusions;

    OnnxPrimitives(OnnxEmission onnx) {
        this.onnx = onnx;
        this.fusions = new OnnxFusions(onnx);
    }

    void write(Node node) {
        String output = onnx.name(node.output());
        switch (node.op()) {
            case Op.Binary binary -> binary(binary.function(), node, output);
            case Op.Unary unary -> unary(unary.function(), node, output);
            case Op.MatMul _ -> arithmetic("MatMul", node, output);
            case Op.Softmax softmax -> {
                String result =
                        onnx.node("Softmax", List.of(onnx.floats(node.input(0))), integer("axis", softmax.axis()));
                fusions.finish(output, result, node);
            }
            case Op.Reduce reduce -> reduce(reduce, node, output);
            case Op.LayerNorm norm -> {
                String x = onnx.floats(node.input(0));
                fusions.finish(output, fusions.layerNorm(x, node.input(1), node.input(2), norm.epsilon()), node);
            }
            case Op.Activate activate ->
                fusions.finish(output, fusions.activated(onnx.floats(node.input(0)), activate.activation()), node);
            case Op.ResidualLayerNorm norm -> fusions.residualLayerNorm(norm, node, output);
            case Op.Normalize normalize -> fusions.normalize(normalize, node, output);
            case Op.Fused fused -> fusions.write(fused, node, output);
            case Op.Where _, Op.Cast _, Op.Transpose _, Op.Reshape _, Op.Expand _, Op.Gather _, Op.Slice _ ->
                movement(node, output);
            case Op.Concat _, Op.CumulativeSum _, Op.Range _, Op.Dropout _ -> movement(node, output);
        }
    }

    private List<String> names(Node node) {
        return node.inputs().stream().map(onnx::name).toList();
    }

    private void arithmetic(String operator, Node node, String output) {
        List<String> operands = node.inputs().stream()
                .map(value -> value.type().isFloat() ? onnx.floats(value) : onnx.name(value))
                .toList();
        if (node.output().type().isFloat()) {
            fusions.finish(output, onnx.node(operator, operands), node);
        } else {
            onnx.nodeInto(output, operator, operands);
        }
    }

    private void binary(Op.BinaryFunction function, Node node, String output) {
        switch (function) {
            case ADD -> arithmetic("Add", node, output);
            case SUBTRACT -> arithmetic("Sub", node, output);
            case MULTIPLY -> arithmetic("Mul", node, output);
            case DIVIDE -> arithmetic("Div", node, output);
            case POWER -> arithmetic("Pow", node, output);
            case MAXIMUM -> arithmetic("Max", node, output);
            case MINIMUM -> arithmetic("Min", node, output);
            case EQUAL -> arithmetic("Equal", node, output);
            case LESS -> arithmetic("Less", node, output);
            case GREATER -> arithmetic("Greater", node, output);
            case LESS_OR_EQUAL -> arithmetic("LessOrEqual", node, output);
            case GREATER_OR_EQUAL -> arithmetic("GreaterOrEqual", node, output);
            case AND -> onnx.nodeInto(output, "And", List.of(truth(node.input(0)), truth(node.input(1))));
            case OR -> onnx.nodeInto(output, "Or", List.of(truth(node.input(0)), truth(node.input(1))));
        }
    }

    private String truth(Value value) {
        return value.type() == DType.BOOL ? onnx.name(value) : onnx.cast(onnx.name(value), DType.BOOL);
    }

    private void unary(Op.UnaryFunction function, Node node, String output) {
        switch (function) {
            case NEGATE -> arithmetic("Neg", node, output);
            case ABSOLUTE -> arithmetic("Abs", node, output);
            case SQUARE_ROOT -> arithmetic("Sqrt", node, output);
            case RECIPROCAL -> arithmetic("Reciprocal", node, output);
            case EXP -> arithmetic("Exp", node, output);
            case LOG -> arithmetic("Log", node, output);
            case ERF -> arithmetic("Erf", node, output);
            case TANH -> arithmetic("Tanh", node, output);
            case SIGMOID -> arithmetic("Sigmoid", node, output);
            case NOT -> onnx.nodeInto(output, "Not", List.of(truth(node.input(0))));
            case IS_NAN -> onnx.nodeInto(output, "IsNaN", List.of(onnx.floats(node.input(0))));
        }
    }

    /** Operators that keep element types, and those whose operands are mostly sizes. */
    private void movement(Node node, String output) {
        switch (node.op()) {
            case Op.Where _ ->
                onnx.nodeInto(
                        output,
                        "Where",
                        List.of(truth(node.input(0)), onnx.name(node.input(1)), onnx.name(node.input(2))));
            case Op.Cast cast -> onnx.castInto(output, onnx.name(node.input(0)), cast.to());
            case Op.Transpose transpose ->
                onnx.nodeInto(output, "Transpose", names(node), integers("perm", transpose.permutation()));
            case Op.Reshape reshape -> reshape(reshape, node, output);
            case Op.Expand expand -> expand(expand, node, output);
            case Op.Gather gather -> onnx.nodeInto(output, "Gather", names(node), integer("axis", gather.axis()));
            case Op.Slice slice -> slice(slice, node, output);
            case Op.Concat concat -> onnx.nodeInto(output, "Concat", names(node), integer("axis", concat.axis()));
            case Op.CumulativeSum sum -> {
                String axis = onnx.constant(Tensor.ofLongs(Shape.SCALAR, sum.axis()));
                onnx.nodeInto(output, "CumSum", List.of(onnx.name(node.input(0)), axis));
            }
            case Op.Range range -> fusions.range(output, range.extent());
            case Op.Dropout _ -> onnx.nodeInto(output, "Identity", names(node));
            default -> throw new IllegalStateException(node.op() + " moves nothing");
        }
    }

    private void reshape(Op.Reshape op, Node node, String output) {
        String shape = onnx.once(
                "reshape " + node.input(0).shape() + " to " + op.target(),
                () -> requested(node.input(0).shape(), op.target()));
        onnx.nodeInto(output, "Reshape", List.of(onnx.name(node.input(0)), shape));
    }

    /** A shape with 0 for an axis that stays and -1 for one that follows from the others, where that suffices. */
    private String requested(Shape from, Shape target) {
        List<Long> dims = new ArrayList<>();
        int unknown = 0;
        for (int axis = 0; axis < target.rank(); axis++) {
            Dim dim = target.dim(axis);
            boolean stays = axis < from.rank() && from.dim(axis).equals(dim);
            unknown += dim.isFixed() || stays ? 0 : 1;
            dims.add(stays ? 0L : dim.isFixed() ? dim.value() : -1L);
        }
        return unknown > 1
                ? onnx.extents(target.dims())
                : onnx.integers(dims.stream().mapToLong(Long::longValue).toArray());
    }

    private void expand(Op.Expand op, Node node, String output) {
        Shape from = node.input(0).shape();
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < op.target().rank(); axis++) {
            int source = axis - (op.target().rank() - from.rank());
            boolean stays = source >= 0 && from.dim(source).equals(op.target().dim(axis));
            dims.add(stays ? Dim.of(1) : op.target().dim(axis));
        }
        onnx.nodeInto(output, "Expand", List.of(onnx.name(node.input(0)), onnx.extents(dims)));
    }

    private void slice(Op.Slice op, Node node, String output) {
        onnx.nodeInto(
                output,
                "Slice",
                List.of(
                        onnx.name(node.input(0)),
                        onnx.extent(op.start()),
                        onnx.extent(op.end()),
                        onnx.integers(op.axis())));
    }

    private void reduce(Op.Reduce op, Node node, String output) {
        String x = node.input(0).type().isFloat() ? onnx.floats(node.input(0)) : onnx.name(node.input(0));
        String operator = switch (op.function()) {
            case SUM -> "ReduceSum";
            case MEAN -> "ReduceMean";
            case MAXIMUM -> "ReduceMax";
            case L2 -> "ReduceL2";
        };
        String result = onnx.reduced(operator, x, op.axes(), op.keepAxes());
        fusions.finish(output, result, node);
    }
}
