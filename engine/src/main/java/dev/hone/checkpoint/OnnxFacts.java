package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.hone.tensor.DType;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an ONNX file says beside its graph, for a file that is written in its place.
 *
 * @param opset version of the standard operators
 * @param formatVersion of the file format
 * @param producer name and version of what wrote the file, and the model's own domain, version and description
 * @param graphDescription what the graph says of itself
 * @param metadata the model's properties, in their order
 * @param axisNames names of the axes of inputs and outputs; empty for an axis of fixed extent or without a name
 * @param types element types of inputs and outputs, where they are ones that tensors have
 */
public record OnnxFacts(
        long opset,
        long formatVersion,
        Producer producer,
        String graphDescription,
        Map<String, String> metadata,
        Map<String, List<String>> axisNames,
        Map<String, DType> types) {
    /**
     * Who made a model and what they say of it.
     *
     * @param domain of the model, as in {@code org.example}
     */
    public record Producer(String name, String version, String domain, long modelVersion, String description) {
        static final Producer HONE = new Producer("hone", "", "", 0, "");
    }

    public OnnxFacts {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        axisNames = Map.copyOf(axisNames);
        types = Map.copyOf(types);
    }

    /** Those of a file that Hone writes of a graph that came from no file. */
    static OnnxFacts ofHone(long opset, long formatVersion) {
        return new OnnxFacts(opset, formatVersion, Producer.HONE, "", Map.of(), Map.of(), Map.of());
    }

    static OnnxFacts of(ModelProto model) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (StringStringEntryProto entry : model.getMetadataPropsList()) {
            metadata.putIfAbsent(entry.getKey(), entry.getValue());
        }
        Map<String, List<String>> axes = new HashMap<>();
        Map<String, DType> types = new HashMap<>();
        model.getGraph().getInputList().forEach(input -> describe(input, axes, types));
        model.getGraph().getOutputList().forEach(output -> describe(output, axes, types));
        Producer producer = new Producer(
                model.getProducerName(),
                model.getProducerVersion(),
                model.getDomain(),
                model.getModelVersion(),
                model.getDocString());
        return new OnnxFacts(
                standardOpset(model).orElse(0L),
                model.getIrVersion(),
                producer,
                model.getGraph().getDocString(),
                metadata,
                axes,
                types);
    }

    private static void describe(ValueInfoProto value, Map<String, List<String>> axes, Map<String, DType> types) {
        OnnxTensors.typeOf(value.getType().getTensorType().getElemType())
                .ifPresent(type -> types.put(value.getName(), type));
        axes.put(
                value.getName(),
                value.getType().getTensorType().getShape().getDimList().stream()
                        .map(Dimension::getDimParam)
                        .toList());
    }

    /** The version of the standard operators that a file asks for. */
    static Optional<Long> standardOpset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(entry ->
                        entry.getDomain().isEmpty() || entry.getDomain().equals("ai.onnx"))
                .map(OperatorSetIdProto::getVersion)
                .findFirst();
    }

    /** The name of an axis of an input or output; empty where it has none. */
    Optional<String> axisName(String value, int axis) {
        List<String> names = axisNames.getOrDefault(value, List.of());
        return Optional.of(axis)
                .filter(index -> index < names.size())
                .map(names::get)
                .filter(name -> !name.isBlank());
    }

    /** The element type of an input or output in the file, or the given one where the file does not say. */
    DType typeOf(String value, DType computed) {
        return types.getOrDefault(value, computed);
    }
}
