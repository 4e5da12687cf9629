package dev.hone.graph;

import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The structural difference of two graphs: both are walked from their outputs against the edges, and names of values do
 * not count. Empty when they compute the same thing in the same way from the same constants.
 */
public final class GraphDifference {
    private static final int MOST_ENTRIES = 20;

    private final Graph first;
    private final Graph second;
    private final Map<Value, Value> matched = new HashMap<>();
    private final List<String> entries = new ArrayList<>();

    private GraphDifference(Graph first, Graph second) {
        this.first = first;
        this.second = second;
    }

    /** The differences as sentences, at most twenty. */
    public static List<String> between(Graph first, Graph second) {
        GraphDifference difference = new GraphDifference(first, second);
        difference.compareOutputs();
        return List.copyOf(difference.entries);
    }

    private void compareOutputs() {
        if (!List.copyOf(first.outputs().keySet())
                .equals(List.copyOf(second.outputs().keySet()))) {
            entries.add("outputs are " + first.outputs().keySet() + " and "
                    + second.outputs().keySet());
            return;
        }
        first.outputs().forEach((name, value) -> compare(value, find(second.outputs(), name)));
    }

    private static Value find(Map<String, Value> values, String name) {
        return Optional.ofNullable(values.get(name)).orElseThrow();
    }

    private void compare(Value left, Value right) {
        Value known = matched.putIfAbsent(left, right);
        if (known != null) {
            if (!known.equals(right)) {
                entries.add(left.name() + " stands for " + known.name() + " and for " + right.name());
            }
            return;
        }
        if (entries.size() >= MOST_ENTRIES) {
            return;
        }
        if (!left.valueType().equals(right.valueType())) {
            entries.add(left + " differs in type from " + right);
            return;
        }
        Optional<Node> leftNode = first.producer(left);
        Optional<Node> rightNode = second.producer(right);
        if (leftNode.isPresent() && rightNode.isPresent()) {
            compareNodes(leftNode.get(), rightNode.get());
        } else if (leftNode.isPresent() || rightNode.isPresent()) {
            entries.add(describe(first, left) + " against " + describe(second, right));
        } else {
            compareLeaves(left, right);
        }
    }

    private void compareNodes(Node left, Node right) {
        if (!left.op().equals(right.op())
                || left.inputs().size() != right.inputs().size()) {
            entries.add(describe(first, left.output()) + " against " + describe(second, right.output()));
            return;
        }
        for (int index = 0; index < left.inputs().size(); index++) {
            compare(left.input(index), right.input(index));
        }
    }

    private void compareLeaves(Value left, Value right) {
        Optional<Tensor> leftTensor = first.constant(left);
        Optional<Tensor> rightTensor = second.constant(right);
        boolean bothConstant = leftTensor.isPresent() && rightTensor.isPresent();
        boolean bothInput = leftTensor.isEmpty() && rightTensor.isEmpty();
        boolean same = (bothConstant && Tensor.sameContent(leftTensor.get(), rightTensor.get()))
                || (bothInput && left.name().equals(right.name()));
        if (!same) {
            entries.add(describe(first, left) + " against " + describe(second, right));
        }
    }

    private static String describe(Graph graph, Value value) {
        String what = graph.producer(value)
                .map(node -> OpText.print(node.op()))
                .orElse(graph.constant(value).isPresent() ? "constant" : "input");
        return value.name() + " (" + what + ")";
    }
}
