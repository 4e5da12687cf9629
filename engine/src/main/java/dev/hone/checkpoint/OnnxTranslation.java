package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.hone.HoneException;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state of one import: what each ONNX value has become so far. */
final class OnnxTranslation {
    private final GraphBuilder builder;
    private final OnnxTensors tensors;
    private final long opset;
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Map<String, Operand> operands = new HashMap<>();
    private final IdentityHashMap<Operand, Value> materialized = new IdentityHashMap<>();
    private final IdentityHashMap<Operand, String> firstNames = new IdentityHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    OnnxTranslation(GraphBuilder builder, OnnxTensors tensors, long opset) {
        this.builder = builder;
        this.tensors = tensors;
        this.opset = opset;
    }

    GraphBuilder builder() {
        return builder;
    }

    long opset() {
        return opset;
    }

    /** What the import did that a user may want to know. */
    Set<String> notes() {
        return notes;
    }

    void note(String note) {
        notes.add(note);
    }

    void initializer(TensorProto proto) {
        if (initializers.put(proto.getName(), proto) != null) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT, "the initialiser " + proto.getName() + " is defined twice");
        }
    }

    boolean isInitializer(String name) {
        return initializers.containsKey(name);
    }

    void define(String name, Operand operand) {
        if (name.isEmpty()) {
            throw new HoneException(HoneException.Category.CHECKPOINT, "a value without a name is defined");
        }
        if (initializers.containsKey(name) || operands.put(name, operand) != null) {
            throw new HoneException(HoneException.Category.CHECKPOINT, "the value " + name + " is defined twice");
        }
        firstNames.putIfAbsent(operand, name);
    }

    Operand find(String name) {
        Operand known = operands.get(name);
        if (known != null) {
            return known;
        }
        TensorProto initializer = initializers.get(name);
        if (initializer == null) {
            throw new HoneException(
                    HoneException.Category.CHECKPOINT,
                    "it reads " + name + ", which nothing before it defines (a cycle, or a damaged file)");
        }
        Operand constant = new Operand.Constant(normalized(tensors.read(initializer)));
        initializers.remove(name);
        operands.put(name, constant);
        firstNames.put(constant, name);
        return constant;
    }

    /** A tensor of an attribute, with one of the element types that graphs compute with. */
    Tensor attribute(TensorProto proto) {
        return normalized(tensors.read(proto));
    }

    private Tensor normalized(Tensor tensor) {
        DType type = normalized(tensor.type());
        if (type != tensor.type() && tensor.type() != DType.I32) {
            note(tensor.type().text() + " tensors are read as " + type.text());
        }
        return Tensor.converted(tensor, type);
    }

    /** All floats are computed with as f32 and all integers as i64, which holds each of them but for f64. */
    static DType normalized(DType type) {
        return switch (type) {
            case F64, F32, F16, BF16 -> DType.F32;
            case I64, I32, I16, I8, U8 -> DType.I64;
            case BOOL -> DType.BOOL;
        };
    }

    /** The value of an operand in the graph that is built, put there under its first name where it is not yet. */
    Value value(Operand operand) {
        if (operand instanceof Operand.Computed(Value value)) {
            return value;
        }
        Value known = materialized.get(operand);
        if (known != null) {
            return known;
        }
        String name = firstNames.get(operand);
        if (name == null) {
            throw new IllegalStateException("an operand that was never defined: " + operand);
        }
        Value value = materialize(name, operand);
        materialized.put(operand, value);
        return value;
    }

    private Value materialize(String name, Operand operand) {
        return switch (operand) {
            case Operand.Computed(Value value) -> value;
            case Operand.Constant(Tensor tensor) -> builder.constant(name, tensor);
            case Operand.Integers integers -> builder.constant(name, tensor(name, integers));
            case Operand.Uniform(Tensor scalar, Shape shape) ->
                shape.rank() == 0
                        ? builder.constant(name, scalar)
                        : builder.addNamed(
                                name,
                                new Op.Expand(shape),
                                List.of(builder.constant(builder.freeName(name + "/value"), scalar)));
        };
    }

    private static Tensor tensor(String name, Operand.Integers integers) {
        List<Long> numbers = integers.numbers()
                .orElseThrow(() -> new HoneException(
                        HoneException.Category.UNSUPPORTED,
                        "it computes with " + name + " = " + integers.elements()
                                + ", sizes that are known only when the model runs"));
        return SmallTensors.ofIntegers(integers.type(), integers.shape(), numbers);
    }
}
