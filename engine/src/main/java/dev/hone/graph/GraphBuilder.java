package dev.hone.graph;

import dev.hone.HoneException;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds a graph in running order; types of outputs are inferred, names are made where none is given. */
public final class GraphBuilder {
    private final String name;
    private final List<Value> inputs = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Value> outputs = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Integer> counters = new HashMap<>();

    public GraphBuilder(String name) {
        this.name = name;
    }

    public Value input(String inputName, DType type, Shape shape) {
        Value value = claim(new Value(inputName, type, shape));
        inputs.add(value);
        return value;
    }

    public Value constant(String constantName, Tensor tensor) {
        Value value = claim(new Value(constantName, tensor.type(), tensor.shape()));
        constants.put(constantName, tensor);
        return value;
    }

    /** Adds a node whose output gets a name made from the operator's. */
    public Value add(Op op, Value... operands) {
        return addNamed(freeName(OpText.name(op)), op, List.of(operands));
    }

    /**
     * Adds a node under a given name.
     *
     * @throws HoneException of category CHECKPOINT, naming the node, when the operands do not fit the operator
     */
    public Value addNamed(String nodeName, Op op, List<Value> operands) {
        try {
            ValueType type = TypeInference.outputOf(op, operands);
            Value output = claim(new Value(nodeName, type.type(), type.shape()));
            nodes.add(new Node(op, operands, output));
            return output;
        } catch (HoneException failure) {
            throw failure.at("node " + nodeName);
        }
    }

    /** Adds a node that exists already, with its name and type. */
    public Value add(Node node) {
        claim(node.output());
        nodes.add(node);
        return node.output();
    }

    public void output(String outputName, Value value) {
        if (outputs.put(outputName, value) != null) {
            throw duplicate("output", outputName);
        }
    }

    /** A name that starts with the given word and that no value has yet. */
    public String freeName(String stem) {
        while (true) {
            String candidate = stem + "." + counters.merge(stem, 1, Integer::sum);
            if (!names.contains(candidate)) {
                return candidate;
            }
        }
    }

    public Graph build() {
        return new Graph(name, inputs, constants, nodes, outputs);
    }

    private Value claim(Value value) {
        if (!names.add(value.name())) {
            throw duplicate("value", value.name());
        }
        return value;
    }

    private HoneException duplicate(String kind, String duplicateName) {
        return new HoneException(
                HoneException.Category.CHECKPOINT,
                "graph " + name + ": two of a kind: " + kind + " " + duplicateName + " is defined twice");
    }
}
