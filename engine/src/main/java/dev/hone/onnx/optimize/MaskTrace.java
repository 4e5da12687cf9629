package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A value as a function of the elements of one mask: what it is where the mask is 0 and where it is 1, and along which
 * axes the mask's own axes lie. Exporters turn a mask into scores by casts, differences, products and choices in many
 * orders; all come to two numbers.
 *
 * @param source the mask, of shape {@code [batch, tokens]}; empty for a value that depends on none
 * @param axes for each axis of the value: the axis of the mask along it, or {@link #SPREAD}
 */
record MaskTrace(String source, double atZero, double atOne, List<Integer> axes) {
    /** All elements along the axis are alike. */
    static final int SPREAD = -1;

    MaskTrace {
        axes = List.copyOf(axes);
    }

    /** @throws Mismatch when the value is no such function */
    static MaskTrace of(String value, Look look) {
        if (look.number(value).isPresent()) {
            double number = look.number(value).orElse(0);
            int rank = look.shape(value).size();
            return new MaskTrace("", number, number, Collections.nCopies(rank, SPREAD));
        }
        Optional<EditableNode> maker = look.maker(value);
        if (maker.isEmpty()) {
            Mismatch.unless(
                    look.shape(value).size() == 2, value + " is no mask: it has the shape " + look.shape(value));
            return new MaskTrace(value, 0, 1, List.of(0, 1));
        }
        return of(maker.get(), look);
    }

    private static MaskTrace of(EditableNode node, Look look) {
        return switch (node.qualifiedOperator()) {
            case "Cast", "Not", "Neg", "Identity" -> unary(node, look);
            case "Unsqueeze" -> unsqueezed(node, look);
            case "Reshape" -> reshaped(node, look);
            case "Expand" -> expanded(node, look);
            case "ConstantOfShape" -> filled(node, look);
            case "Add", "Sub", "Mul", "Div", "Equal", "Where", "And", "Or", "Less", "Greater", "GreaterOrEqual" ->
                combined(node, look);
            default -> throw new Mismatch("the mask is made by " + node + ", whose function of a mask is not known");
        };
    }

    private static MaskTrace unary(EditableNode node, Look look) {
        MaskTrace operand = of(node.input(0), look);
        Optional<DType> type = look.values().get(node.output()).type();
        return operand.withValues(unary(node, operand.atZero, type), unary(node, operand.atOne, type));
    }

    private static double unary(EditableNode node, double value, Optional<DType> type) {
        return switch (node.operator()) {
            case "Not" -> value == 0 ? 1 : 0;
            case "Neg" -> -value;
            case "Cast" -> {
                DType to = type.orElseThrow(() -> new Mismatch(node + " casts to a type that is not read"));
                yield to == DType.BOOL ? truth(value != 0) : to.isFloat() ? value : (double) (long) value;
            }
            default -> value;
        };
    }

    private MaskTrace withValues(double zero, double one) {
        return new MaskTrace(source, zero, one, axes);
    }

    private MaskTrace withAxes(List<Integer> other) {
        return new MaskTrace(source, atZero, atOne, other);
    }

    private static MaskTrace unsqueezed(EditableNode node, Look look) {
        MaskTrace operand = of(node.input(0), look);
        long[] places = ShapeArithmetic.axes(node, look.values())
                .orElseThrow(() -> new Mismatch("the axes of " + node + " are not known"));
        int rank = operand.axes.size() + places.length;
        List<Integer> axes = new ArrayList<>(operand.axes);
        Arrays.stream(places)
                .map(axis -> axis < 0 ? axis + rank : axis)
                .sorted()
                .forEach(axis -> axes.add((int) axis, SPREAD));
        return operand.withAxes(axes);
    }

    /** Axes of extent 1 come and go; the others must keep their order. */
    private static MaskTrace reshaped(EditableNode node, Look look) {
        MaskTrace operand = of(node.input(0), look);
        List<Amount> from = look.shape(node.input(0));
        List<Amount> to = look.shape(node.output());
        List<Integer> axes = new ArrayList<>();
        int next = 0;
        for (Amount extent : to) {
            while (next < from.size() && from.get(next).is(1)) {
                next++;
            }
            boolean same = !extent.is(1) && next < from.size() && from.get(next).equals(extent);
            Mismatch.unless(same || extent.is(1), node + " makes " + to + " of the mask's " + from);
            axes.add(same ? operand.axes.get(next++) : SPREAD);
        }
        while (next < from.size() && from.get(next).is(1)) {
            next++;
        }
        Mismatch.unless(next == from.size(), node + " makes " + to + " of the mask's " + from);
        return operand.withAxes(axes);
    }

    private static MaskTrace expanded(EditableNode node, Look look) {
        MaskTrace operand = of(node.input(0), look);
        return operand.withAxes(padded(operand.axes, look.shape(node.output()).size()));
    }

    private static MaskTrace filled(EditableNode node, Look look) {
        double value = look.model()
                .tensor(node, "value")
                .map(tensor -> tensor.getDouble(new long[tensor.rank()]))
                .orElse(0.0);
        return new MaskTrace(
                "", value, value, Collections.nCopies(look.shape(node.output()).size(), SPREAD));
    }

    private static List<Integer> padded(List<Integer> axes, int rank) {
        List<Integer> all = new ArrayList<>(Collections.nCopies(Math.max(0, rank - axes.size()), SPREAD));
        all.addAll(axes);
        return all;
    }

    private static MaskTrace combined(EditableNode node, Look look) {
        List<MaskTrace> operands =
                node.inputs().stream().map(input -> of(input, look)).toList();
        int rank = operands.stream().mapToInt(each -> each.axes.size()).max().orElse(0);
        List<Integer> axes = new ArrayList<>(Collections.nCopies(rank, SPREAD));
        String source = "";
        for (MaskTrace operand : operands) {
            boolean one = source.isEmpty() || operand.source.isEmpty() || source.equals(operand.source);
            Mismatch.unless(one, node + " joins the masks " + source + " and " + operand.source);
            source = operand.source.isEmpty() ? source : operand.source;
            List<Integer> own = padded(operand.axes, rank);
            for (int axis = 0; axis < rank; axis++) {
                boolean agree = axes.get(axis) == SPREAD
                        || own.get(axis) == SPREAD
                        || axes.get(axis).equals(own.get(axis));
                Mismatch.unless(agree, node + " joins the mask with itself along other axes");
                axes.set(axis, Math.max(axes.get(axis), own.get(axis)));
            }
        }
        double zero = combined(node, operands.stream().map(MaskTrace::atZero).toList());
        double one = combined(node, operands.stream().map(MaskTrace::atOne).toList());
        return new MaskTrace(source, zero, one, axes);
    }

    private static double combined(EditableNode node, List<Double> operands) {
        double first = operands.get(0);
        double second = operands.get(1);
        return switch (node.operator()) {
            case "Add" -> first + second;
            case "Sub" -> first - second;
            case "Mul" -> first * second;
            case "Div" -> first / second;
            case "Equal" -> truth(first == second);
            case "And" -> truth(first != 0 && second != 0);
            case "Or" -> truth(first != 0 || second != 0);
            case "Less" -> truth(first < second);
            case "Greater" -> truth(first > second);
            case "GreaterOrEqual" -> truth(first >= second);
            default -> first != 0 ? second : operands.get(2);
        };
    }

    private static double truth(boolean holds) {
        return holds ? 1 : 0;
    }
}
