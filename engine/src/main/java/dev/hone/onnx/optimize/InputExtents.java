package dev.hone.onnx.optimize;

import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Extents of the model's inputs as values of its graph: {@code Gather(Shape(input), axis)}, each made once. */
final class InputExtents {
    private record Wanted(String symbol, boolean scalar) {}

    private record Axis(String input, int place) {}

    private final EditableModel model;
    private final Map<String, Axis> axes = new HashMap<>();
    private final Map<Wanted, String> made = new HashMap<>();

    InputExtents(Look look) {
        this.model = look.model();
        for (ValueInfoProto input : model.inputs()) {
            List<Amount> shape = look.values().shape(input.getName()).orElse(List.of());
            for (int place = 0; place < shape.size(); place++) {
                if (!shape.get(place).isFixed()) {
                    axes.putIfAbsent(shape.get(place).toString(), new Axis(input.getName(), place));
                }
            }
        }
    }

    /** The value that holds an extent of an input, as a scalar or a list of one; empty for other amounts. */
    Optional<String> value(List<Amount> elements, boolean scalar) {
        if (elements.size() != 1 || !axes.containsKey(elements.getFirst().toString())) {
            return Optional.empty();
        }
        Wanted wanted = new Wanted(elements.getFirst().toString(), scalar);
        return Optional.of(made.computeIfAbsent(wanted, this::find));
    }

    private String find(Wanted wanted) {
        Axis axis = axes.get(wanted.symbol);
        if (axis == null) {
            throw new IllegalStateException("no axis " + wanted.symbol);
        }
        String shape = model.readers(axis.input).stream()
                .filter(node -> node.is("Shape") && node.attributes().isEmpty())
                .findFirst()
                .orElseGet(() -> model.add(
                        "Shape", "Shape", List.of(axis.input), List.of(model.freeName(axis.input + "_shape"))))
                .output();
        return model.readers(shape).stream()
                .filter(node -> takes(node, axis.place, wanted.scalar))
                .findFirst()
                .orElseGet(() -> gather(shape, axis, wanted))
                .output();
    }

    private boolean takes(EditableNode node, int place, boolean scalar) {
        Optional<Tensor> index = model.constant(node.input(1));
        return node.is("Gather")
                && index.isPresent()
                && index.get().elementCount() == 1
                && index.get().toLongArray()[0] == place
                && index.get().rank() == (scalar ? 0 : 1);
    }

    private EditableNode gather(String shape, Axis axis, Wanted wanted) {
        String index = model.addConstant(
                axis.input + "_axis", Tensor.ofLongs(wanted.scalar ? Shape.SCALAR : Shape.of(1), axis.place));
        String result = model.freeName(axis.input + "_extent");
        return model.add("Gather", "Gather", List.of(shape, index), List.of(result))
                .set(Attributes.integer("axis", 0));
    }
}
