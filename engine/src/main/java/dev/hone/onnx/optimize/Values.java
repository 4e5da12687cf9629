package dev.hone.onnx.optimize;

import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.hone.HoneException;
import dev.hone.checkpoint.OnnxTensors;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Types, shapes and integer contents of all values of a model, worked out from its inputs and constants. Extents of
 * inputs are symbols of their axes' names; two axes of one name are taken for equal, as the format means it.
 */
final class Values {
    static final int MOST_ELEMENTS = 64;

    private final EditableModel model;
    private final Map<String, Known> known = new HashMap<>();

    private Values(EditableModel model) {
        this.model = model;
    }

    /**
     * Works through all nodes, which must stand in an order of computation.
     *
     * @throws HoneException of category CHECKPOINT when a node's axes are not those of its operands
     */
    static Values of(EditableModel model) {
        Values values = new Values(model);
        model.inputs().forEach(input -> values.known.put(input.getName(), described(input)));
        ShapeRules rules = new ShapeRules(values);
        for (EditableNode node : model.nodes()) {
            try {
                rules.apply(node);
            } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException failure) {
                throw new HoneException(
                        HoneException.Category.CHECKPOINT,
                        model.file() + ": node " + node + ": its axes do not fit the shapes of its operands",
                        failure);
            }
        }
        return values;
    }

    private static Known described(ValueInfoProto input) {
        Optional<DType> type =
                OnnxTensors.typeOf(input.getType().getTensorType().getElemType());
        if (!input.getType().getTensorType().hasShape()) {
            return Known.of(type, Optional.empty());
        }
        List<Amount> shape = new ArrayList<>();
        for (Dimension dimension : input.getType().getTensorType().getShape().getDimList()) {
            shape.add(
                    dimension.hasDimValue()
                            ? Amount.of(dimension.getDimValue())
                            : Amount.symbol(
                                    dimension.getDimParam().isEmpty()
                                            ? input.getName() + "." + shape.size()
                                            : dimension.getDimParam()));
        }
        return Known.of(type, Optional.of(shape));
    }

    void put(String value, Known facts) {
        known.put(value, facts);
    }

    /** What is known of a value, a constant included; nothing for an operand that is left out. */
    Known get(String value) {
        return known.computeIfAbsent(
                value, name -> model.constant(name).map(Values::ofConstant).orElse(Known.NOTHING));
    }

    Optional<List<Amount>> shape(String value) {
        return get(value).shape();
    }

    Optional<List<Amount>> elements(String value) {
        return get(value).elements();
    }

    Optional<Tensor> constant(String value) {
        return model.constant(value);
    }

    Optional<Tensor> attribute(EditableNode node, String attribute) {
        return model.tensor(node, attribute);
    }

    /** The contents where all are plain numbers. */
    Optional<long[]> numbers(String value) {
        return elements(value)
                .filter(all -> all.stream().allMatch(Amount::isFixed))
                .map(all -> all.stream().mapToLong(Amount::factor).toArray());
    }

    long operatorSet() {
        return model.operatorSet();
    }

    static Known ofConstant(Tensor tensor) {
        List<Amount> shape =
                Arrays.stream(tensor.shape().toArray()).mapToObj(Amount::of).toList();
        Known facts = Known.of(Optional.of(tensor.type()), Optional.of(shape));
        if (tensor.type().isFloat() || tensor.rank() > 1 || tensor.elementCount() > MOST_ELEMENTS) {
            return facts;
        }
        return facts.withElements(Optional.of(
                Arrays.stream(tensor.toLongArray()).mapToObj(Amount::of).toList()));
    }
}
