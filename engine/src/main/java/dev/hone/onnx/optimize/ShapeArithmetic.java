package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The operators with which exporters compute with shapes: their contents are followed as amounts. */
final class ShapeArithmetic {
    private final Values values;

    ShapeArithmetic(Values values) {
        this.values = values;
    }

    /** The axes of an operator that takes them as an attribute, or, in newer operator sets, as its second operand. */
    static Optional<long[]> axes(EditableNode node, Values values) {
        List<Long> stored = node.integers("axes");
        if (!stored.isEmpty()) {
            return Optional.of(stored.stream().mapToLong(Long::longValue).toArray());
        }
        return node.input(1).isEmpty() ? Optional.empty() : values.numbers(node.input(1));
    }

    Known result(EditableNode node) {
        return switch (node.operator()) {
            case "Shape" -> shapeOf(node);
            case "Gather" -> gathered(node);
            case "Slice" -> sliced(node);
            case "Concat" -> joined(node);
            case "Unsqueeze" -> unsqueezed(node);
            case "Squeeze" -> squeezed(node);
            case "ConstantOfShape" -> filled(node);
            default -> range(node);
        };
    }

    private Known shapeOf(EditableNode node) {
        Optional<List<Amount>> elements = values.shape(node.input(0)).map(shape -> {
            int first = place(node.integer("start").orElse(0), shape.size());
            int last = place(node.integer("end").orElse(shape.size()), shape.size());
            return shape.subList(Math.min(first, last), last);
        });
        return elements.map(all -> Known.integers(DType.I64, false, all))
                .orElse(Known.of(Optional.of(DType.I64), Optional.empty()));
    }

    private static int place(long index, int size) {
        return Math.clamp(index < 0 ? index + size : index, 0, size);
    }

    private Known gathered(EditableNode node) {
        Known data = values.get(node.input(0));
        Known indices = values.get(node.input(1));
        long axis = node.integer("axis").orElse(0);
        Optional<List<Amount>> picked = data.elements()
                .filter(all -> axis == 0)
                .flatMap(all -> values.numbers(node.input(1)).flatMap(places -> pick(all, places)));
        Optional<List<Amount>> shape = data.shape()
                .flatMap(source -> indices.shape().map(inner -> {
                    int place = (int) (axis < 0 ? axis + source.size() : axis);
                    List<Amount> result = new ArrayList<>(source.subList(0, place));
                    result.addAll(inner);
                    result.addAll(source.subList(place + 1, source.size()));
                    return result;
                }));
        return Known.of(data.type(), shape).withElements(picked);
    }

    private static Optional<List<Amount>> pick(List<Amount> all, long[] places) {
        List<Amount> picked = new ArrayList<>();
        for (long index : places) {
            long place = index < 0 ? index + all.size() : index;
            if (place < 0 || place >= all.size()) {
                return Optional.empty();
            }
            picked.add(all.get((int) place));
        }
        return Optional.of(picked);
    }

    private Known sliced(EditableNode node) {
        Known data = values.get(node.input(0));
        Optional<SliceBounds> bounds = SliceBounds.of(node, values);
        Optional<List<Amount>> elements = data.elements().flatMap(all -> bounds.flatMap(some -> some.of(all)));
        if (elements.isPresent()) {
            DType type = data.type().orElse(DType.I64);
            return Known.integers(type, false, elements.get());
        }
        Optional<List<Amount>> shape =
                data.shape().flatMap(all -> bounds.map(some -> some.shapeOf(all, node.output())));
        return Known.of(data.type(), shape);
    }

    private Known joined(EditableNode node) {
        List<Amount> elements = new ArrayList<>();
        boolean all = true;
        for (String input : node.inputs()) {
            Optional<List<Amount>> some = values.elements(input);
            all &= some.isPresent();
            elements.addAll(some.orElse(List.of()));
        }
        Optional<DType> type = values.get(node.input(0)).type();
        if (all) {
            return Known.integers(type.orElse(DType.I64), false, elements);
        }
        return Known.of(type, joinedShape(node));
    }

    private Optional<List<Amount>> joinedShape(EditableNode node) {
        Optional<List<Amount>> first = values.shape(node.input(0));
        if (first.isEmpty() || node.integer("axis").isEmpty()) {
            return Optional.empty();
        }
        List<Amount> result = new ArrayList<>(first.get());
        long axis = node.integer("axis").orElse(0);
        int place = (int) (axis < 0 ? axis + result.size() : axis);
        for (String input : node.inputs().subList(1, node.inputs().size())) {
            Optional<List<Amount>> other = values.shape(input).filter(shape -> shape.size() == result.size());
            if (other.isEmpty()) {
                return Optional.empty();
            }
            result.set(place, sum(result.get(place), other.get().get(place)));
        }
        return Optional.of(result);
    }

    private static Amount sum(Amount first, Amount second) {
        return first.isFixed() && second.isFixed()
                ? Amount.of(first.factor() + second.factor())
                : Amount.expression("Add", first, second);
    }

    private Known unsqueezed(EditableNode node) {
        Known data = values.get(node.input(0));
        Optional<long[]> axes = axes(node, values);
        Optional<List<Amount>> shape = data.shape()
                .flatMap(all -> axes.map(some -> {
                    List<Amount> result = new ArrayList<>(all);
                    int rank = all.size() + some.length;
                    Arrays.stream(some)
                            .map(axis -> axis < 0 ? axis + rank : axis)
                            .sorted()
                            .forEach(axis -> result.add((int) axis, Amount.ONE));
                    return result;
                }));
        boolean flat = shape.filter(all -> all.size() <= 1).isPresent();
        return new Known(data.type(), shape, flat ? data.elements() : Optional.empty());
    }

    private Known squeezed(EditableNode node) {
        Known data = values.get(node.input(0));
        Optional<List<Amount>> shape = data.shape()
                .flatMap(all -> axes(node, values).map(some -> {
                    List<Amount> result = new ArrayList<>(all);
                    Arrays.stream(some)
                            .map(axis -> axis < 0 ? axis + all.size() : axis)
                            .sorted()
                            .boxed()
                            .toList()
                            .reversed()
                            .forEach(axis -> result.remove(axis.intValue()));
                    return result;
                }));
        return new Known(data.type(), shape, data.elements());
    }

    private Known filled(EditableNode node) {
        Optional<Tensor> filling = values.attribute(node, "value");
        DType type = filling.map(Tensor::type).orElse(DType.F32);
        Optional<List<Amount>> shape = values.elements(node.input(0));
        Known facts = Known.of(Optional.of(type), shape);
        boolean list = shape.filter(all -> all.size() == 1
                        && all.getFirst().isFixed()
                        && all.getFirst().factor() <= Values.MOST_ELEMENTS)
                .isPresent();
        if (!list || type.isFloat() || filling.isEmpty()) {
            return facts;
        }
        long count = shape.get().getFirst().factor();
        long value = filling.get().toLongArray()[0];
        return facts.withElements(Optional.of(Collections.nCopies((int) count, Amount.of(value))));
    }

    private Known range(EditableNode node) {
        Optional<List<Amount>> shape = values.elements(node.input(1))
                .filter(limit -> values.numbers(node.input(0))
                                .filter(start -> start[0] == 0)
                                .isPresent()
                        && values.numbers(node.input(2))
                                .filter(step -> step[0] == 1)
                                .isPresent())
                .map(limit -> List.of(limit.getFirst()));
        return Known.of(values.get(node.input(0)).type(), shape);
    }

    /** An elementwise operator whose contents can be told; {@code facts} are its type and shape. */
    Known elementwise(EditableNode node, Known facts) {
        if (facts.shape().filter(shape -> shape.size() <= 1).isEmpty()
                || facts.type().filter(type -> !type.isFloat()).isEmpty()) {
            return facts;
        }
        List<List<Amount>> operands = new ArrayList<>();
        for (String input : node.inputs()) {
            Optional<List<Amount>> elements = values.elements(input);
            if (elements.isEmpty()) {
                return facts;
            }
            operands.add(elements.get());
        }
        int count = operands.stream().mapToInt(List::size).max().orElse(0);
        List<Amount> result = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int place = index;
            result.add(element(
                    node,
                    operands.stream()
                            .map(all -> all.get(all.size() == 1 ? 0 : place))
                            .toList()));
        }
        return facts.withElements(Optional.of(result));
    }

    private static Amount element(EditableNode node, List<Amount> operands) {
        Amount first = operands.getFirst();
        Amount second = operands.size() > 1 ? operands.get(1) : first;
        return switch (node.operator()) {
            case "Cast" -> node.integer("to").equals(OptionalLong.of(9)) ? truth(first) : first;
            case "Mul" -> first.times(second);
            case "Add" -> sum(first, second);
            case "Sub" ->
                first.isFixed() && second.isFixed()
                        ? Amount.of(first.factor() - second.factor())
                        : Amount.expression("Sub", first, second);
            case "Div" -> quotient(first, second);
            case "Equal" -> equal(first, second);
            default -> chosen(first, second, operands.getLast());
        };
    }

    private static Amount truth(Amount value) {
        return value.isFixed() ? Amount.of(value.is(0) ? 0 : 1) : Amount.expression("truth", value);
    }

    /** Integer division truncates, so that only an exact quotient of extents is told. */
    private static Amount quotient(Amount first, Amount second) {
        return first.dividedBy(second).orElse(Amount.expression("Div", first, second));
    }

    private static Amount equal(Amount first, Amount second) {
        boolean bothFixed = first.isFixed() && second.isFixed();
        boolean apart =
                isBelow(first, second) || isBelow(second, first) || (bothFixed && first.factor() != second.factor());
        if (apart) {
            return Amount.of(0);
        }
        return first.equals(second) ? Amount.ONE : Amount.expression("Equal", first, second);
    }

    /** Whether one is a negative number and the other an extent, which is none. */
    private static boolean isBelow(Amount number, Amount extent) {
        return number.isFixed() && number.factor() < 0 && extent.isExtent();
    }

    private static Amount chosen(Amount condition, Amount yes, Amount no) {
        if (condition.isFixed()) {
            return condition.is(0) ? no : yes;
        }
        return yes.equals(no) ? yes : Amount.expression("Where", condition, yes, no);
    }
}
