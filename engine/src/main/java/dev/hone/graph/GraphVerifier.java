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
        for (Value input : graph.inputs()) {
            define(input);
        }
        for (Map.Entry<String, Tensor> constant : graph.constants().entrySet()) {
            Tensor tensor = constant.getValue();
            define(new Value(constant.getKey(), tensor.type(), tensor.shape()));
        }
        for (Node node : graph.nodes()) {
            checkNode(node);
        }
        require(!graph.outputs().isEmpty(), "it has no output");
        for (Map.Entry<String, Value> output : graph.outputs().entrySet()) {
            checkDefined(output.getValue(), "output ", output.getKey());
        }
    }

    private void checkNode(Node node) {
        for (Value input : node.inputs()) {
            checkDefined(input, "node ", node.name());
        }
        ValueType inferred;
        try {
            inferred = TypeInference.outputOf(node.op(), node.inputs());
        } catch (HoneException failure) {
            throw failure.at("graph " + graph.name() + ", node " + node.name());
        } catch (ArithmeticException tooLarge) {
            throw failure("node ", node.name(), " has more elements than 64 bits count");
        }
        require(
                inferred.equals(node.output().valueType()),
                "node ",
                node.name(),
                " is declared ",
                node.output().valueType(),
                " but ",
                node.op(),
                " gives ",
                inferred);
        define(node.output());
    }

    private void checkDefined(Value value, String kind, String reader) {
        Value known = defined.get(value.name());
        if (known == null) {
            throw failure(kind, reader, " reads ", value.name(), ", which nothing before it defines (a cycle?)");
        }
        require(value.equals(known), kind, reader, " reads ", value, ", which is defined as ", known);
    }

    private void define(Value value) {
        require(defined.put(value.name(), value) == null, "value ", value.name(), " is defined twice");
    }

    /** @param complaint the parts of what is said otherwise; graphs that are well-formed do not wait for words */
    private void require(boolean condition, Object... complaint) {
        if (!condition) {
            throw failure(complaint);
        }
    }

    private HoneException failure(Object... complaint) {
        StringBuilder words = new StringBuilder("graph ").append(graph.name()).append(": ");
        for (Object part : complaint) {
            words.append(part instanceof Op op ? OpText.name(op) : part);
        }
        return new HoneException(HoneException.Category.CHECKPOINT, words.toString());
    }
}
