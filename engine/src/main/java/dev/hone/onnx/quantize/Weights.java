package dev.hone.onnx.quantize;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The constants of a model as bytes, each quantised once however many nodes read it. */
final class Weights {
    private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();

    private record Key(String value, boolean transposed, WeightScheme scheme) {}

    private final EditableModel model;
    private final Arena arena;
    private final Map<Key, Optional<QuantizedNames>> known = new HashMap<>();

    /** @param arena owns the bytes; it must outlive the saving of the model */
    Weights(EditableModel model, Arena arena) {
        this.model = model;
        this.arena = arena;
    }

    /** A constant of f32, also one that the file stores in another type of floats, or as a transposed matrix. */
    Optional<Tensor> floats(String value) {
        return resolved(value).filter(tensor -> tensor.type() == DType.F32);
    }

    private Optional<Tensor> resolved(String value) {
        return model.constant(value).or(() -> model.producer(value).flatMap(this::computed));
    }

    /** What nodes make of constants alone, where exporters are known to leave that to engines. */
    private Optional<Tensor> computed(EditableNode node) {
        if (node.is("Cast") && node.integer("to").orElse(0) == FLOAT) {
            return resolved(node.input(0))
                    .filter(tensor -> tensor.type().isFloat())
                    .map(tensor -> Tensor.converted(tensor, DType.F32));
        }
        boolean exchanges =
                node.integers("perm").isEmpty() || node.integers("perm").equals(List.of(1L, 0L));
        return node.is("Transpose") && exchanges
                ? resolved(node.input(0)).filter(tensor -> tensor.rank() == 2).map(Tensor::transposed)
                : Optional.empty();
    }

    /** Why a value cannot be the second operand of a product of bytes. */
    Optional<String> matrixRefusal(String value, boolean transposed, WeightScheme scheme) {
        Optional<Tensor> tensor = floats(value);
        if (tensor.isEmpty()) {
            return Optional.of(
                    model.constant(value).isPresent()
                            ? "its weight is not of f32"
                            : "its second operand is no constant");
        }
        if (tensor.get().rank() != 2) {
            return Optional.of("its weight has rank " + tensor.get().rank() + ", not 2");
        }
        return finiteRefusal(value, transposed, scheme);
    }

    /** Why a constant of floats has no bytes. */
    Optional<String> finiteRefusal(String value, boolean transposed, WeightScheme scheme) {
        return find(value, transposed, scheme).isPresent()
                ? Optional.empty()
                : Optional.of("its weight is empty or holds numbers that are not finite");
    }

    /**
     * The bytes of a constant that is not refused.
     *
     * @param transposed whether rows and columns of the matrix are exchanged
     */
    QuantizedNames quantized(String value, boolean transposed, WeightScheme scheme) {
        return find(value, transposed, scheme).orElseThrow();
    }

    private Optional<QuantizedNames> find(String value, boolean transposed, WeightScheme scheme) {
        return known.computeIfAbsent(new Key(value, transposed, scheme), this::quantize);
    }

    private Optional<QuantizedNames> quantize(Key key) {
        return floats(key.value())
                .map(tensor -> key.transposed() ? tensor.transposed() : tensor)
                .filter(tensor -> tensor.rank() > 0 && tensor.elementCount() > 0)
                .flatMap(tensor -> QuantizedWeight.of(tensor, key.scheme(), arena))
                .map(weight -> new QuantizedNames(
                        model.addConstant(key.value() + "_quantized", weight.bytes()),
                        model.addConstant(key.value() + "_scale", weight.scales()),
                        model.addConstant(key.value() + "_zero_point", weight.zeros())));
    }

    /**
     * A bias in the unit of a product's sums, a whole number of 32 bits for each column.
     *
     * @param name empty for none
     * @return nothing where it is no constant of one number for each column, or one does not fit
     */
    Optional<QuantizedNames> bias(String name, QuantizedNames value, QuantizedNames weight) {
        Optional<Tensor> floats = name.isEmpty() ? Optional.empty() : floats(name);
        return floats.filter(tensor -> tensor.rank() == 1)
                .flatMap(tensor -> WholeBias.of(tensor, scales(value), scales(weight)))
                .map(whole -> new QuantizedNames(
                        model.addConstant(name + "_quantized", whole.numbers()),
                        model.addConstant(name + "_scale", whole.scales()),
                        model.addConstant(name + "_zero_point", whole.zeros())));
    }

    private float[] scales(QuantizedNames quantized) {
        return model.constant(quantized.scale()).orElseThrow().toFloatArray();
    }
}
