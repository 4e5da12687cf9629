package dev.hone.graph;

import dev.hone.HoneException;
import dev.hone.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** The specification of a well-formed graph; run when a graph is made, so before and after every pass. */
public final class GraphVerifier {
    private final Graph graph;
    private final Map<String, Value> defined = new HashMap<>();

    private GraphVerifier(Graph graph) {
        this.graph = graph;
    }

    /**
     * Checks that each name is defined once and before it is read, that constants have the shape of their values, that
     * each node's type is the one its operator gives, and that there is an output.
     *
     * @throws HoneException of category CHECKPOINT that names the first offender
     */
    public static void verify(Graph graph) {
        new GraphVerifier(graph).run();
    }

    private void run() {
        graph.inputs().forEach(this::define);
        for (Map.Entry<String, Tensor> constant : graph.constants().entrySet()) {
            Tensor tensor = constant.getValue();
            define(new Value(constant.getKey(), tensor.type(), tensor.shape()));
        }
        graph.nodes().forEach(this::checkNode);
        require(!graph.outputs().isEmpty(), "it has no output");
        graph.outputs().forEach((name, value) -> checkDefined(value, "output " + name));
    }

    private void checkNode(Node node) {
        node.inputs().forEach(input -> checkDefined(input, "node " + node.name()));
        ValueType inferred;
        try {
            inferred = TypeInference.outputOf(node.op(), node.inputs());
        } catch (HoneException failure) {
            throw failure.at("graph " + graph.name() + ", node " + node.name());
        }
        require(
                inferred.equals(node.output().valueType()),
                "node " + node.name() + " is declared " + node.output().valueType() + " but " + OpText.name(node.op())
                        + " gives " + inferred);
        define(node.output());
    }

    private void checkDefined(Value value, String reader) {
        Value known = defined.get(value.name());
        require(known != null, reader + " reads " + value.name() + ", which nothing before it defines (a cycle?)");
        require(value.equals(known), reader + " reads " + value + ", which is defined as " + known);
    }

    private void define(Value value) {
        require(defined.put(value.name(), value) == null, "value " + value.name() + " is defined twice");
    }

    private void require(boolean condition, String complaint) {
        if (!condition) {
            throw new HoneException(HoneException.Category.CHECKPOINT, "graph " + graph.name() + ": " + complaint);
        }
    }
}
