package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Value;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one node of nodes with the same operator and the same operands, and one constant of equal constants.
 *
 * <pre>
 * a = cast(mask)   b = cast(mask)   c = add(a, b)   →   a = cast(mask)   c = add(a, a)
 * </pre>
 *
 * <p>Value numbering in one walk. Constants of more than {@value #MOST_ELEMENTS} elements are the same only when they
 * are one tensor: weights are not read here.
 */
public final class EliminateCommonSubexpressions implements Pass {
    private static final int MOST_ELEMENTS = 16;

    @Override
    public String name() {
        return getClass().getSimpleName();
    }

    @Override
    public Graph apply(Graph graph, PassAccount account) {
        Numbering numbering = new Numbering();
        Map<String, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((name, tensor) -> {
            if (numbering.isFirst(new Value(name, tensor.type(), tensor.shape()), tensor)) {
                constants.put(name, tensor);
            }
        });
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node current = new Node(
                    node.op(), node.inputs().stream().map(numbering::current).toList(), node.output());
            if (numbering.isFirst(current)) {
                nodes.add(current);
            }
        }
        if (numbering.replaced.isEmpty()) {
            return graph;
        }
        numbering.replaced.keySet().stream().sorted().forEach(account::fire);
        Map<String, Value> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, value) -> outputs.put(name, numbering.current(value)));
        return new Graph(graph.name(), graph.inputs(), constants, nodes, outputs);
    }

    /**
     * Which value stands for each content. Contents are looked up by lists of words and numbers, and operators are
     * compared only where those are the same: hashing records costs a new program more than all of the walk.
     */
    private static final class Numbering {
        private final Map<List<Object>, List<Node>> nodes = new HashMap<>();
        private final Map<List<Object>, Value> numbers = new HashMap<>();
        private final IdentityHashMap<Tensor, Value> tensors = new IdentityHashMap<>();
        private final Map<String, Value> replaced = new HashMap<>();

        Value current(Value value) {
            return replaced.getOrDefault(value.name(), value);
        }

        boolean isFirst(Node node) {
            List<Object> key = new ArrayList<>();
            key.add(node.op().getClass());
            node.inputs().forEach(input -> key.add(input.name()));
            List<Node> candidates = nodes.computeIfAbsent(key, _ -> new ArrayList<>());
            for (Node candidate : candidates) {
                if (candidate.op().equals(node.op())) {
                    replaced.put(node.name(), candidate.output());
                    return false;
                }
            }
            candidates.add(node);
            return true;
        }

        boolean isFirst(Value value, Tensor tensor) {
            Value same = tensor.elementCount() > MOST_ELEMENTS
                    ? tensors.putIfAbsent(tensor, value)
                    : numbers.putIfAbsent(contentOf(tensor), value);
            if (same != null) {
                replaced.put(value.name(), same);
            }
            return same == null;
        }

        private static List<Object> contentOf(Tensor tensor) {
            List<Object> content = new ArrayList<>();
            content.add(tensor.type());
            tensor.shape().dims().forEach(dim -> content.add(dim.value()));
            if (tensor.type().isFloat()) {
                for (float number : tensor.toFloatArray()) {
                    content.add(number);
                }
            } else {
                for (long number : tensor.toLongArray()) {
                    content.add(number);
                }
            }
            return content;
        }
    }
}
