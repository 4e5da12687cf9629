package dev.hone.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.hone.checkpoint.OnnxInitializer;
import dev.hone.checkpoint.OnnxTensors;
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

    /** The tensor that a node {@code Constant} holds. */
    Optional<Tensor> of(EditableNode node) {
        return Optional.of(node)
                .filter(constant -> constant.is("Constant"))
                .flatMap(constant -> constant.attribute("value"))
                .map(attribute -> tensors.read(attribute.getT()));
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
