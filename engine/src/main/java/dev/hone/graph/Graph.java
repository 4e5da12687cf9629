package dev.hone.graph;

import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model as a directed acyclic graph in single assignment: immutable, nodes in an order in which they can run.
 *
 * <p>Built by {@link GraphBuilder}, checked by {@link GraphVerifier}, printed and read by {@link GraphText}.
 */
public final class Graph {
    private final String name;
    private final List<Value> inputs;
    private final Map<String, Tensor> constants;
    private final List<Node> nodes;
    private final Map<String, Value> outputs;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Node>> readers = new HashMap<>();

    /**
     * @param constants tensors by value name
     * @param nodes in an order in which each reads only what stands before it
     * @param outputs values by output name, in the model's order
     * @throws dev.hone.HoneException of category CHECKPOINT when a rule of {@link GraphVerifier} is broken
     */
    public Graph(
            String name,
            List<Value> inputs,
            Map<String, Tensor> constants,
            List<Node> nodes,
            Map<String, Value> outputs) {
        this.name = name;
        this.inputs = List.copyOf(inputs);
        this.constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        this.nodes = List.copyOf(nodes);
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        for (Node node : this.nodes) {
            producers.put(node.name(), node);
            for (Value value : new HashSet<>(node.inputs())) {
                List<Node> known = readers.get(value.name());
                if (known == null) {
                    known = new ArrayList<>();
                    readers.put(value.name(), known);
                }
                known.add(node);
            }
        }
        GraphVerifier.verify(this);
    }

    public String name() {
        return name;
    }

    public List<Value> inputs() {
        return inputs;
    }

    /** Constant tensors by value name. */
    public Map<String, Tensor> constants() {
        return constants;
    }

    public List<Node> nodes() {
        return nodes;
    }

    /** Values by output name, in the model's order. */
    public Map<String, Value> outputs() {
        return outputs;
    }

    /** The node that makes a value; empty for inputs and constants. */
    public Optional<Node> producer(Value value) {
        return Optional.ofNullable(producers.get(value.name()));
    }

    /** The tensor of a constant value; empty for anything else. */
    public Optional<Tensor> constant(Value value) {
        return Optional.ofNullable(constants.get(value.name()));
    }

    /** The nodes that read a value, in running order, each once. */
    public List<Node> readers(Value value) {
        return List.copyOf(readers.getOrDefault(value.name(), List.of()));
    }

    public boolean isOutput(Value value) {
        return outputs.containsValue(value);
    }

    @Override
    public String toString() {
        return GraphText.print(this);
    }
}
