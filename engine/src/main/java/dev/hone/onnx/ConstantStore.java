package dev.hone.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.hone.checkpoint.OnnxInitializer;
import dev.hone.checkpoint.OnnxTensors;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The initialisers of a graph under edit: those of the file, read where they lie, and those that were added. */
final class ConstantStore {
    private final OnnxTensors tensors;
    private final Map<String, TensorProto> stored = new LinkedHashMap<>();
    private final Map<String, Tensor> added = new LinkedHashMap<>();

    ConstantStore(OnnxTensors tensors, List<TensorProto> initializers) {
        this.tensors = tensors;
        initializers.forEach(tensor -> stored.put(tensor.getName(), tensor));
    }

    boolean holds(String name) {
        return stored.containsKey(name) || added.containsKey(name);
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(stored.keySet());
        names.addAll(added.keySet());
        return names;
    }

    Optional<Tensor> find(String name) {
        Tensor own = added.get(name);
        return own != null
                ? Optional.of(own)
                : Optional.ofNullable(stored.get(name)).map(tensors::read);
    }

    /** The tensor that a node {@code Constant} holds, in whichever attribute. */
    Optional<Tensor> of(EditableNode node) {
        return node.is("Constant")
                ? node.attributes().stream().findFirst().flatMap(this::ofAttribute)
                : Optional.empty();
    }

    /** The tensor of an attribute; numbers and lists of numbers are tensors of rank 0 and 1. */
    Optional<Tensor> ofAttribute(AttributeProto attribute) {
        return switch (attribute.getType()) {
            case TENSOR -> Optional.of(tensors.read(attribute.getT()));
            case INT -> Optional.of(Tensor.ofLongs(Shape.SCALAR, attribute.getI()));
            case FLOAT -> Optional.of(Tensor.ofFloats(Shape.SCALAR, attribute.getF()));
            case INTS ->
                Optional.of(Tensor.ofLongs(
                        Shape.of(attribute.getIntsCount()),
                        attribute.getIntsList().stream()
                                .mapToLong(Long::longValue)
                                .toArray()));
            case FLOATS -> Optional.of(floats(attribute));
            default -> Optional.empty();
        };
    }

    private static Tensor floats(AttributeProto attribute) {
        float[] values = new float[attribute.getFloatsCount()];
        for (int index = 0; index < values.length; index++) {
            values[index] = attribute.getFloats(index);
        }
        return Tensor.ofFloats(Shape.of(values.length), values);
    }

    void add(String name, Tensor tensor) {
        added.put(name, tensor);
    }

    void keepOnly(Predicate<String> needed) {
        stored.keySet().removeIf(needed.negate());
        added.keySet().removeIf(needed.negate());
    }

    /** All constants for writing; what must be copied lives in the arena. */
    List<OnnxInitializer> initializers(Arena copies) {
        List<OnnxInitializer> all = new ArrayList<>();
        stored.forEach((name, proto) -> all.add(OnnxInitializer.of(name, tensors.read(proto), copies)));
        added.forEach((name, tensor) -> all.add(OnnxInitializer.of(name, tensor, copies)));
        return all;
    }
}
