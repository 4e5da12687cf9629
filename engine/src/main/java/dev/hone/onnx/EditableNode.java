package dev.hone.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.hone.HoneException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A node of a graph under edit. Its operands change through {@link EditableModel}, which knows who reads what.
 *
 * <p>An operand that is left out is the empty name, as in the file.
 */
public final class EditableNode {
    /** The domain of ONNX Runtime's own operators. */
    public static final String MICROSOFT = "com.microsoft";

    private String name;
    private final String operator;
    private final String domain;
    private final List<String> inputs;
    private final List<String> outputs;
    private final Map<String, AttributeProto> attributes = new LinkedHashMap<>();

    EditableNode(NodeProto proto) {
        this.name = proto.getName();
        this.operator = proto.getOpType();
        this.domain = proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
        this.inputs = new ArrayList<>(proto.getInputList());
        this.outputs = new ArrayList<>(proto.getOutputList());
        proto.getAttributeList().forEach(this::set);
        refuseNested(proto.getAttributeList());
    }

    private void refuseNested(List<AttributeProto> all) {
        boolean nested = all.stream()
                .anyMatch(attribute -> attribute.getType() == AttributeProto.AttributeType.GRAPH
                        || attribute.getType() == AttributeProto.AttributeType.GRAPHS);
        if (nested) {
            throw new HoneException(
                    HoneException.Category.UNSUPPORTED,
                    "node " + this + " holds a graph of its own; such models are not edited");
        }
    }

    /** A node that is new: {@code operator} of the standard domain, or {@code com.microsoft.Operator}. */
    EditableNode(String name, String operator, List<String> inputs, List<String> outputs) {
        boolean own = operator.startsWith(MICROSOFT + ".");
        this.name = name;
        this.operator = own ? operator.substring(MICROSOFT.length() + 1) : operator;
        this.domain = own ? MICROSOFT : "";
        this.inputs = new ArrayList<>(inputs);
        this.outputs = new ArrayList<>(outputs);
    }

    /** The node's name; unique within the graph, also where the file leaves names out. */
    public String name() {
        return name;
    }

    void rename(String unique) {
        name = unique;
    }

    /** The operator, without its domain. */
    public String operator() {
        return operator;
    }

    /** The operator's domain; empty for the standard one. */
    public String domain() {
        return domain;
    }

    /** The operator with its domain before it, where that is not the standard one. */
    public String qualifiedOperator() {
        return domain.isEmpty() ? operator : domain + "." + operator;
    }

    /** Whether this is an operator of the standard domain. */
    public boolean is(String standardOperator) {
        return domain.isEmpty() && operator.equals(standardOperator);
    }

    /** The operands' names, empty where one is left out. */
    public List<String> inputs() {
        return List.copyOf(inputs);
    }

    /** An operand's name; empty where it is left out or beyond the last. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    /** The results' names. */
    public List<String> outputs() {
        return List.copyOf(outputs);
    }

    /** The first result. */
    public String output() {
        return outputs.getFirst();
    }

    void changeInput(int index, String value) {
        while (inputs.size() <= index) {
            inputs.add("");
        }
        inputs.set(index, value);
    }

    void changeOutput(int index, String value) {
        outputs.set(index, value);
    }

    /** Sets an attribute, also over an older one of its name. */
    public EditableNode set(AttributeProto attribute) {
        attributes.put(attribute.getName(), attribute);
        return this;
    }

    /** Removes an attribute, if it is there. */
    public void clear(String attribute) {
        attributes.remove(attribute);
    }

    /** An attribute as stored. */
    public Optional<AttributeProto> attribute(String attribute) {
        return Optional.ofNullable(attributes.get(attribute));
    }

    /** All attributes in their order. */
    public List<AttributeProto> attributes() {
        return List.copyOf(attributes.values());
    }

    /** An integer attribute. */
    public OptionalLong integer(String attribute) {
        AttributeProto found = attributes.get(attribute);
        return found == null || found.getType() != AttributeProto.AttributeType.INT
                ? OptionalLong.empty()
                : OptionalLong.of(found.getI());
    }

    /** A list of integers; empty where the attribute is missing. */
    public List<Long> integers(String attribute) {
        AttributeProto found = attributes.get(attribute);
        return found == null ? List.of() : found.getIntsList();
    }

    /** A real attribute, or what it is when left out. */
    public float real(String attribute, float otherwise) {
        AttributeProto found = attributes.get(attribute);
        return found == null || found.getType() != AttributeProto.AttributeType.FLOAT ? otherwise : found.getF();
    }

    NodeProto toProto() {
        return NodeProto.newBuilder()
                .setName(name)
                .setOpType(operator)
                .setDomain(domain)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(attributes.values())
                .build();
    }

    @Override
    public String toString() {
        return name + " (" + qualifiedOperator() + ")";
    }
}
