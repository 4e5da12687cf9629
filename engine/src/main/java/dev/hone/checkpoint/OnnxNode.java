package dev.hone.checkpoint;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.hone.HoneException;
import dev.hone.graph.Op;
import dev.hone.graph.TypeInference;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One ONNX node under translation: its operands, its attributes with their types checked, and what it becomes. */
final class OnnxNode {
    private final NodeProto proto;
    private final OnnxTranslation translation;

    OnnxNode(NodeProto proto, OnnxTranslation translation) {
        this.proto = proto;
        this.translation = translation;
    }

    long opset() {
        return translation.opset();
    }

    void note(String note) {
        translation.note(note);
    }

    int inputCount() {
        return proto.getInputCount();
    }

    boolean hasInput(int index) {
        return index < proto.getInputCount() && !proto.getInput(index).isEmpty();
    }

    Operand operand(int index) {
        require(hasInput(index), "operand " + index + " is missing");
        return translation.find(proto.getInput(index));
    }

    Value value(int index) {
        return translation.value(operand(index));
    }

    /** The elements of an operand that must be known while the graph is read, such as a shape. */
    Operand.Integers integers(int index) {
        return Operand.integers(operand(index))
                .orElseThrow(() -> unsupported("operand " + proto.getInput(index)
                        + " must follow from constants and from the extents of the inputs"));
    }

    /** The numbers of an operand that must be a small constant, such as axes. */
    List<Long> numbers(int index) {
        return integers(index)
                .numbers()
                .orElseThrow(() -> unsupported("operand " + proto.getInput(index) + " must be constant"));
    }

    long number(int index) {
        List<Long> numbers = numbers(index);
        require(numbers.size() == 1, "operand " + index + " must hold one number, not " + numbers);
        return numbers.getFirst();
    }

    /** A list of integers that old versions give as an attribute and new ones as an operand. */
    Optional<List<Long>> numbersOf(String attribute, int index) {
        Optional<AttributeProto> old = attribute(attribute, AttributeProto.AttributeType.INTS);
        if (old.isPresent()) {
            return old.map(AttributeProto::getIntsList);
        }
        return hasInput(index) ? Optional.of(numbers(index)) : Optional.empty();
    }

    long integerAttribute(String name, long otherwise) {
        return attribute(name, AttributeProto.AttributeType.INT)
                .map(AttributeProto::getI)
                .orElse(otherwise);
    }

    double floatAttribute(String name, double otherwise) {
        return attribute(name, AttributeProto.AttributeType.FLOAT)
                .map(attribute -> shortest(attribute.getF()))
                .orElse(otherwise);
    }

    /** The shortest decimal that a float stands for: 1e-12 where the file says 9.999999960041972e-13. */
    private static double shortest(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    String textAttribute(String name, String otherwise) {
        return attribute(name, AttributeProto.AttributeType.STRING)
                .map(attribute -> attribute.getS().toStringUtf8())
                .orElse(otherwise);
    }

    Optional<Tensor> tensorAttribute(String name) {
        return attribute(name, AttributeProto.AttributeType.TENSOR)
                .map(attribute -> translation.attribute(attribute.getT()));
    }

    Optional<AttributeProto> attribute(String name, AttributeProto.AttributeType type) {
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (attribute.getName().equals(name)) {
                require(attribute.getType() == type, "attribute " + name + " is no " + type);
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /** An axis that may count from the end, as an index. */
    int axis(long axis, int rank) {
        require(axis >= -rank && axis < rank, "there is no axis " + axis + " in a value of rank " + rank);
        return (int) (axis < 0 ? axis + rank : axis);
    }

    int outputCount() {
        return proto.getOutputCount();
    }

    String outputName(int index) {
        require(index < proto.getOutputCount(), "output " + index + " is missing");
        return proto.getOutput(index);
    }

    void define(Operand operand) {
        translation.define(outputName(0), operand);
    }

    /** Makes the first output what an operator computes from graph values. */
    void emit(Op op, Value... inputs) {
        emitOutput(0, op, inputs);
    }

    void emitOutput(int output, Op op, Value... inputs) {
        String name = outputName(output);
        require(!name.isEmpty(), "output " + output + " has no name");
        Value value = translation.builder().addNamed(name, op, Arrays.asList(inputs));
        translation.define(name, new Operand.Computed(value));
    }

    /** A step on the way to the node's output. */
    Value step(String suffix, Op op, Value... inputs) {
        return translation.builder().addNamed(freeName(suffix), op, Arrays.asList(inputs));
    }

    Value constant(String suffix, Tensor tensor) {
        return translation.builder().constant(freeName(suffix), tensor);
    }

    private String freeName(String suffix) {
        return translation.builder().freeName(outputName(0) + "/" + suffix);
    }

    /** The shape that an operator gives for operands of known shapes. */
    Shape shapeOf(Op op, Operand... inputs) {
        List<Value> values = Arrays.stream(inputs)
                .map(input -> new Value("operand", input.type(), input.shape()))
                .toList();
        return TypeInference.outputOf(op, values).shape();
    }

    /** An operator that only moves elements: of a uniform value it gives a uniform one. */
    void emitMovement(Op op, int input) {
        Operand operand = operand(input);
        Shape shape = shapeOf(op, operand);
        boolean keepsAll = op instanceof Op.Reshape || op instanceof Op.Expand;
        if (keepsAll && shape.equals(operand.shape())) {
            define(operand);
        } else if (operand instanceof Operand.Uniform(Tensor scalar, Shape _)) {
            define(new Operand.Uniform(scalar, shape));
        } else {
            emit(op, value(input));
        }
    }

    DType elementType(long onnxType) {
        return OnnxTensors.typeOf((int) onnxType)
                .orElseThrow(() -> unsupported(
                        "elements of type " + OnnxTensors.typeName((int) onnxType) + " are not computed with"));
    }

    void require(boolean condition, String complaint) {
        if (!condition) {
            throw new HoneException(HoneException.Category.CHECKPOINT, complaint);
        }
    }

    HoneException unsupported(String complaint) {
        return new HoneException(HoneException.Category.UNSUPPORTED, complaint);
    }
}
