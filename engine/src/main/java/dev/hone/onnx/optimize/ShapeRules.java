package dev.hone.onnx.optimize;

import dev.hone.checkpoint.OnnxTensors;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What operators make of what is known of their operands; of others nothing is known.
 *
 * <p>Extents that a run would refuse (a broadcast of 3 to 5, a slice beyond the end) are not told from valid ones:
 * where the model runs at all, what is said here holds.
 */
final class ShapeRules {
    private final Values values;
    private final ShapeArithmetic arithmetic;

    ShapeRules(Values values) {
        this.values = values;
        this.arithmetic = new ShapeArithmetic(values);
    }

    /** Writes down what is known of the node's results. */
    void apply(EditableNode node) {
        switch (node.operator()) {
            case "Split" -> split(node);
            case "SkipLayerNormalization", "SkipSimplifiedLayerNormalization" -> {
                values.put(node.output(), plain(node, 0));
                node.outputs().stream().skip(1).forEach(output -> values.put(output, plain(node, 0)));
            }
            case "EmbedLayerNormalization" -> embedded(node);
            default -> values.put(node.output(), result(node));
        }
    }

    private Known result(EditableNode node) {
        return switch (node.operator()) {
            case "Constant" ->
                values.constant(node.output()).map(Values::ofConstant).orElse(Known.NOTHING);
            case "Shape", "Gather", "Slice", "Concat", "Unsqueeze", "Squeeze", "ConstantOfShape", "Range" ->
                arithmetic.result(node);
            case "Add", "Sub", "Mul", "Div", "Equal", "Where", "Cast" -> arithmetic.elementwise(node, broadcast(node));
            case "Pow", "Max", "Min", "And", "Or", "Less", "Greater", "LessOrEqual", "GreaterOrEqual" ->
                broadcast(node);
            case "Not", "Erf", "Tanh", "Sqrt", "Neg", "Reciprocal", "Softmax", "LayerNormalization", "Identity" ->
                kept(node);
            case "Gelu", "FastGelu", "BiasGelu", "QuickGelu", "Relu", "Sigmoid", "IsNaN", "CumSum", "Dropout" ->
                kept(node);
            case "Abs", "Exp", "Log", "Clip", "LogSoftmax", "Sin", "Cos", "Floor", "Ceil", "Round", "Sign" ->
                kept(node);
            case "MatMul" -> product(node);
            case "Gemm" -> gemm(node);
            case "Transpose" -> transposed(node);
            case "Reshape" -> plain(node, 0).withShape(reshaped(node));
            case "Expand" -> plain(node, 0).withShape(expanded(node));
            case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin" -> reduced(node);
            case "Attention" -> attended(node);
            case "MultiHeadAttention" -> plain(node, 0).withShape(values.shape(node.input(0)));
            default -> Known.NOTHING;
        };
    }

    /** The type and shape of an operand, without its contents. */
    private Known plain(EditableNode node, int operand) {
        Known facts = values.get(node.input(operand));
        return Known.of(facts.type(), facts.shape());
    }

    private Known kept(EditableNode node) {
        Known facts = node.is("Identity") ? values.get(node.input(0)) : plain(node, 0);
        return node.is("IsNaN") ? facts.withType(DType.BOOL) : facts;
    }

    private Known broadcast(EditableNode node) {
        Optional<List<Amount>> shape = Optional.of(List.of());
        for (String input : node.inputs()) {
            shape = shape.flatMap(left -> values.shape(input).map(right -> broadcast(left, right)));
        }
        Optional<DType> type = switch (node.operator()) {
            case "Equal", "And", "Or", "Less", "Greater", "LessOrEqual", "GreaterOrEqual" -> Optional.of(DType.BOOL);
            case "Where" -> values.get(node.input(1)).type();
            case "Cast" -> OnnxTensors.typeOf((int) node.integer("to").orElse(0));
            default -> values.get(node.input(0)).type();
        };
        return Known.of(type, shape);
    }

    static List<Amount> broadcast(List<Amount> left, List<Amount> right) {
        List<Amount> result = new ArrayList<>();
        int rank = Math.max(left.size(), right.size());
        for (int axis = 0; axis < rank; axis++) {
            Amount first = padded(left, axis - rank + left.size());
            Amount second = padded(right, axis - rank + right.size());
            result.add(wider(first, second));
        }
        return result;
    }

    private static Amount padded(List<Amount> shape, int axis) {
        return axis < 0 ? Amount.ONE : shape.get(axis);
    }

    private static Amount wider(Amount first, Amount second) {
        if (first.equals(second) || second.is(1)) {
            return first;
        }
        if (first.is(1) || second.isFixed()) {
            return second;
        }
        return first.isFixed() ? first : Amount.expression("broadcast", first, second);
    }

    private Known product(EditableNode node) {
        Known left = plain(node, 0);
        List<Amount> first = left.shape().orElse(List.of());
        List<Amount> second = values.shape(node.input(1)).orElse(List.of());
        if (first.size() < 2 || second.size() < 2) {
            return left.withShape(Optional.empty());
        }
        List<Amount> shape =
                new ArrayList<>(broadcast(first.subList(0, first.size() - 2), second.subList(0, second.size() - 2)));
        shape.add(first.get(first.size() - 2));
        shape.add(second.getLast());
        return left.withShape(Optional.of(shape));
    }

    private Known gemm(EditableNode node) {
        boolean turnedLeft = node.integer("transA").orElse(0) != 0;
        boolean turnedRight = node.integer("transB").orElse(0) != 0;
        Optional<List<Amount>> shape = values.shape(node.input(0))
                .flatMap(left -> values.shape(node.input(1))
                        .map(right -> List.of(left.get(turnedLeft ? 1 : 0), right.get(turnedRight ? 0 : 1))));
        return plain(node, 0).withShape(shape);
    }

    private Known transposed(EditableNode node) {
        List<Long> permutation = node.integers("perm");
        return plain(node, 0).withShape(values.shape(node.input(0)).map(shape -> {
            if (permutation.size() != shape.size()) {
                List<Amount> turned = new ArrayList<>(shape);
                Collections.reverse(turned);
                return turned;
            }
            return permutation.stream().map(axis -> shape.get(axis.intValue())).toList();
        }));
    }

    private Optional<List<Amount>> reshaped(EditableNode node) {
        Optional<List<Amount>> source = values.shape(node.input(0));
        boolean zeroIsZero = node.integer("allowzero").orElse(0) != 0;
        return values.elements(node.input(1)).map(target -> {
            List<Amount> shape = new ArrayList<>();
            for (Amount extent : target) {
                boolean copied = extent.is(0)
                        && !zeroIsZero
                        && source.isPresent()
                        && shape.size() < source.get().size();
                shape.add(copied ? source.orElseThrow().get(shape.size()) : extent);
            }
            int open = shape.indexOf(Amount.of(-1));
            if (open >= 0) {
                shape.set(open, Amount.ONE);
                Amount rest = Amount.product(shape);
                shape.set(
                        open,
                        source.flatMap(all -> Amount.product(all).dividedBy(rest))
                                .orElse(Amount.symbol("open[" + node.output() + "]")));
            }
            return shape;
        });
    }

    private Optional<List<Amount>> expanded(EditableNode node) {
        return values.shape(node.input(0))
                .flatMap(source -> values.elements(node.input(1)).map(target -> broadcast(source, target)));
    }

    private Known reduced(EditableNode node) {
        Known facts = plain(node, 0);
        boolean kept = node.integer("keepdims").orElse(1) != 0;
        Optional<long[]> axes = ShapeArithmetic.axes(node, values);
        return facts.withShape(facts.shape()
                .flatMap(shape -> axes.map(some -> {
                    List<Amount> result = new ArrayList<>(shape);
                    for (long axis : some) {
                        result.set((int) (axis < 0 ? axis + shape.size() : axis), kept ? Amount.ONE : Amount.of(-1));
                    }
                    result.removeIf(extent -> extent.is(-1));
                    return result;
                })));
    }

    private Known attended(EditableNode node) {
        Known facts = plain(node, 0);
        List<Long> sizes = node.integers("qkv_hidden_sizes");
        Optional<Amount> width = sizes.size() == 3
                ? Optional.of(Amount.of(sizes.get(2)))
                : values.shape(node.input(1)).flatMap(shape -> shape.getLast().dividedBy(Amount.of(3)));
        return facts.withShape(facts.shape()
                .flatMap(shape -> width.map(last -> {
                    List<Amount> result = new ArrayList<>(shape);
                    result.set(shape.size() - 1, last);
                    return result;
                })));
    }

    private void embedded(EditableNode node) {
        Optional<List<Amount>> shape = values.shape(node.input(0))
                .flatMap(ids -> values.shape(node.input(2)).map(table -> {
                    List<Amount> result = new ArrayList<>(ids);
                    result.add(table.getLast());
                    return result;
                }));
        Known rows = Known.of(values.get(node.input(2)).type(), shape);
        values.put(node.output(), rows);
        if (node.outputs().size() > 1) {
            values.put(
                    node.outputs().get(1),
                    Known.of(Optional.of(DType.I32), values.shape(node.input(0)).map(ids -> ids.subList(0, 1))));
        }
    }

    private void split(EditableNode node) {
        Known facts = plain(node, 0);
        int axis = (int) node.integer("axis").orElse(0);
        List<Long> sizes = node.integers("split");
        Optional<long[]> given = sizes.isEmpty()
                ? values.numbers(node.input(1))
                : Optional.of(sizes.stream().mapToLong(Long::longValue).toArray());
        for (int part = 0; part < node.outputs().size(); part++) {
            int index = part;
            values.put(node.outputs().get(part), facts.withShape(facts.shape().flatMap(shape -> {
                int place = axis < 0 ? axis + shape.size() : axis;
                Optional<Amount> extent = given.isPresent()
                        ? given.map(all -> Amount.of(all[index]))
                        : shape.get(place).dividedBy(Amount.of(node.outputs().size()));
                return extent.map(size -> {
                    List<Amount> result = new ArrayList<>(shape);
                    result.set(place, size);
                    return result;
                });
            })));
        }
    }
}
