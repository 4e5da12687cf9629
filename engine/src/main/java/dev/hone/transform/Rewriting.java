package dev.hone.transform;

import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.TypeInference;
import dev.hone.graph.Value;
import dev.hone.graph.ValueType;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A graph while a rule walks over it: what lies before the current node is rewritten already.
 *
 * <p>Rules look at it, add constants and helper nodes, and say why they do not fire.
 */
public final class Rewriting {
    private final PassAccount account;
    private final List<Value> inputs;
    private final Map<String, Tensor> constants;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, Integer> reads = new HashMap<>();
    private final Map<String, Value> replaced = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    Rewriting(Graph graph, PassAccount account) {
        this.account = account;
        this.inputs = graph.inputs();
        this.constants = new LinkedHashMap<>(graph.constants());
        for (Node node : graph.nodes()) {
            producers.put(node.name(), node);
            node.inputs().forEach(input -> reads.merge(input.name(), 1, Integer::sum));
        }
        graph.outputs().values().forEach(output -> reads.merge(output.name(), 1, Integer::sum));
    }

    // ------------------------------------------------------------------ what rules look at

    public Optional<Node> producer(Value value) {
        return Optional.ofNullable(producers.get(value.name()));
    }

    /** The producer of a value when it is an operator of the given kind. */
    public <T extends Op> Optional<Node> producer(Value value, Class<T> kind) {
        return producer(value).filter(node -> kind.isInstance(node.op()));
    }

    public Optional<Tensor> constant(Value value) {
        return Optional.ofNullable(constants.get(value.name()));
    }

    public boolean isConstant(Value value) {
        return constants.containsKey(value.name());
    }

    public boolean isInput(Value value) {
        return inputs.contains(value);
    }

    /** The number of a constant with one element, and of its repetitions. */
    public OptionalDouble scalar(Value value) {
        Tensor tensor = constants.get(value.name());
        if (tensor == null) {
            Optional<Node> repetition = producer(value).filter(Rewriting::repeatsOrReshapes);
            return repetition.isEmpty()
                    ? OptionalDouble.empty()
                    : scalar(repetition.get().input(0));
        }
        if (tensor.elementCount() != 1) {
            return OptionalDouble.empty();
        }
        long[] first = new long[tensor.rank()];
        return OptionalDouble.of(tensor.getDouble(first));
    }

    private static boolean repeatsOrReshapes(Node node) {
        return node.op() instanceof Op.Expand || node.op() instanceof Op.Reshape;
    }

    /** Whether one node, once, and no output reads a value. */
    public boolean isUsedOnce(Value value) {
        return reads.getOrDefault(value.name(), 0) == 1;
    }

    // ------------------------------------------------------------------ what rules do

    /** Adds a constant under a name made from the given one. */
    public Value addConstant(String stem, Tensor tensor) {
        String name = freeName(stem);
        constants.put(name, tensor);
        return new Value(name, tensor.type(), tensor.shape());
    }

    /** Adds a node before the current one. */
    public Value addNode(String stem, Op op, Value... operands) {
        return append(new Node(op, List.of(operands), outputOf(freeName(stem), op, List.of(operands))));
    }

    /** Records that the rule began to match here and what is in the way. */
    public <T> Optional<T> refuse(Node node, String reason) {
        account.refuse(node.name(), reason);
        return Optional.empty();
    }

    // ------------------------------------------------------------------ what the pass does

    void visit(Node original, RewriteRule rule) {
        Node node = new Node(
                original.op(), original.inputs().stream().map(this::current).toList(), original.output());
        producers.put(node.name(), node);
        Optional<Replacement> replacement = fitting(node, rule);
        if (replacement.isEmpty()) {
            append(node);
            return;
        }
        account.fire(node.name());
        switch (replacement.get()) {
            case Replacement.Existing existing -> {
                replaced.put(node.name(), existing.value());
                reads.merge(existing.value().name(), reads.getOrDefault(node.name(), 0), Integer::sum);
            }
            case Replacement.NewOp changed -> {
                changed.inputs().forEach(input -> reads.merge(input.name(), 1, Integer::sum));
                append(new Node(changed.op(), changed.inputs(), node.output()));
            }
        }
        node.inputs().forEach(input -> reads.merge(input.name(), -1, Integer::sum));
    }

    /** The finished graph, without what nothing reads any more. */
    Graph finish(Graph before) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        before.outputs().forEach((name, value) -> outputs.put(name, current(value)));
        return DeadCode.remove(new Graph(before.name(), inputs, constants, nodes, outputs));
    }

    private Value current(Value value) {
        return replaced.getOrDefault(value.name(), value);
    }

    private Value append(Node node) {
        producers.put(node.name(), node);
        nodes.add(node);
        return node.output();
    }

    private static Value outputOf(String name, Op op, List<Value> operands) {
        ValueType type = TypeInference.outputOf(op, operands);
        return new Value(name, type.type(), type.shape());
    }

    /** What the rule puts in the node's place, when that has the node's type: a file may hold any shapes. */
    private Optional<Replacement> fitting(Node node, RewriteRule rule) {
        try {
            Optional<Replacement> replacement = rule.rewrite(node, this);
            if (replacement.isEmpty()) {
                return replacement;
            }
            ValueType type = switch (replacement.get()) {
                case Replacement.Existing existing -> existing.value().valueType();
                case Replacement.NewOp changed -> TypeInference.outputOf(changed.op(), changed.inputs());
            };
            return type.equals(node.output().valueType())
                    ? replacement
                    : refuse(node, "the fused operator gives " + type + " in place of " + node.output());
        } catch (HoneException misfit) {
            return refuse(node, "the fused operator does not take its operands: " + misfit.getMessage());
        }
    }

    private String freeName(String stem) {
        String name = stem;
        for (int number = 1;
                constants.containsKey(name) || producers.containsKey(name) || isInputName(name);
                number++) {
            name = stem + "." + number;
        }
        return name;
    }

    private boolean isInputName(String name) {
        return inputs.stream().anyMatch(input -> input.name().equals(name));
    }
}
