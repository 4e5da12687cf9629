package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import java.util.List;
import java.util.Optional;

/**
 * Nodes that hand on their operand vanish: {@code Identity}, {@code Dropout} of inference, casts to the type that a
 * value has, {@code Expand} and {@code Reshape} to the shape that it has; a cast of a cast is one, where the first
 * loses nothing.
 */
final class RemoveRedundant implements Step.Sweep {
    @Override
    public String name() {
        return "RedundantNodes";
    }

    @Override
    public int sweep(Look look, List<OptimizerReport.Refusal> refusals) {
        int changed = 0;
        EditableModel model = look.model();
        for (EditableNode node : model.nodes()) {
            boolean output = model.isOutput(node.output());
            if (handsOn(node, look) && (!output || givesAwayItsName(node, model))) {
                model.replace(node.output(), node.input(0));
                if (!output) {
                    model.remove(node);
                }
                changed++;
            } else if (node.is("Cast")) {
                changed += skipFirstCast(node, look) ? 1 : 0;
            }
        }
        return changed;
    }

    /** Whether the node that makes what an output hands on can make the output itself. */
    private static boolean givesAwayItsName(EditableNode node, EditableModel model) {
        return !node.is("Expand") && model.producer(node.input(0)).isPresent() && !model.isOutput(node.input(0));
    }

    private static boolean handsOn(EditableNode node, Look look) {
        return switch (node.qualifiedOperator()) {
            case "Identity" -> true;
            case "Dropout" -> node.input(2).isEmpty() && node.outputs().size() == 1;
            case "Cast" -> {
                Optional<DType> type = look.values().get(node.input(0)).type();
                yield type.isPresent()
                        && type.equals(look.values().get(node.output()).type());
            }
            case "Reshape", "Expand" -> {
                Optional<List<Amount>> shape = look.values().shape(node.input(0));
                yield (shape.isPresent() && shape.equals(look.values().shape(node.output())))
                        || (node.is("Expand") && isSpreadAnyway(node, look));
            }
            default -> false;
        };
    }

    /** Whether all who read an expanded value would spread it to the same shape themselves. */
    private static boolean isSpreadAnyway(EditableNode expand, Look look) {
        Optional<List<Amount>> narrow = look.values().shape(expand.input(0));
        List<EditableNode> readers = look.model().readers(expand.output());
        return narrow.isPresent()
                && !readers.isEmpty()
                && readers.stream().allMatch(reader -> spreads(reader, expand.output(), narrow.get(), look));
    }

    private static boolean spreads(EditableNode reader, String expanded, List<Amount> narrow, Look look) {
        if (!Look.isOneOf(reader, "Where", "Add", "Sub", "Mul", "Div")) {
            return false;
        }
        List<Amount> shape = List.of();
        for (String input : reader.inputs()) {
            Optional<List<Amount>> own =
                    input.equals(expanded) ? Optional.of(narrow) : look.values().shape(input);
            if (own.isEmpty()) {
                return false;
            }
            shape = ShapeRules.broadcast(shape, own.get());
        }
        return Optional.of(shape).equals(look.values().shape(reader.output()));
    }

    /** {@code Cast(Cast(x))} reads x, where the inner type holds every value of x. */
    private static boolean skipFirstCast(EditableNode node, Look look) {
        Optional<EditableNode> inner = look.maker(node.input(0)).filter(maker -> maker.is("Cast"));
        if (inner.isEmpty()) {
            return false;
        }
        Optional<DType> from = look.values().get(inner.get().input(0)).type();
        Optional<DType> through = look.values().get(inner.get().output()).type();
        boolean lossless = from.isPresent() && through.isPresent() && isWider(through.get(), from.get());
        if (lossless) {
            look.model().changeInput(node, 0, inner.get().input(0));
            node.set(Attributes.integer("to", node.integer("to").orElse(0)));
        }
        return lossless;
    }

    /** Whether a type holds all values of another. */
    static boolean isWider(DType wide, DType narrow) {
        if (narrow == DType.BOOL) {
            return true;
        }
        if (wide.isFloat() && narrow.isFloat()) {
            return wide.bytes() > narrow.bytes();
        }
        return !wide.isFloat() && !narrow.isFloat() && wide != DType.U8 && wide.bytes() > narrow.bytes();
    }
}
