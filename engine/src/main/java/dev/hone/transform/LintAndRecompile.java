package dev.hone.transform;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.TypeInference;
import dev.hone.graph.Value;
import dev.hone.graph.ValueType;

/**
 * Looks a graph over and builds it anew; changes nothing.
 *
 * <p>Each node's type is inferred again from its operands and compared with the one it has. What is legal and still
 * looks like a mistake is told: inputs, constants and nodes that nothing reads.
 */
public final class LintAndRecompile implements Pass {
    @Override
    public String name() {
        return getClass().getSimpleName();
    }

    /** @throws HoneException of category CHECKPOINT, naming the node, when a type is not what the operands give */
    @Override
    public Graph apply(Graph graph, PassAccount account) {
        for (Node node : graph.nodes()) {
            ValueType inferred = TypeInference.outputOf(node.op(), node.inputs());
            if (!inferred.equals(node.output().valueType())) {
                throw new HoneException(
                        Category.CHECKPOINT,
                        "graph " + graph.name() + ": node " + node.name() + " is declared "
                                + node.output().valueType() + " and its operands give " + inferred
                                + "; write the graph anew from its model");
            }
            note(graph, node.output(), "nothing reads what this node gives", account);
        }
        graph.inputs().forEach(input -> note(graph, input, "nothing reads this input", account));
        graph.constants()
                .forEach((name, tensor) -> note(
                        graph, new Value(name, tensor.type(), tensor.shape()), "nothing reads this constant", account));
        return new Graph(graph.name(), graph.inputs(), graph.constants(), graph.nodes(), graph.outputs());
    }

    private static void note(Graph graph, Value value, String complaint, PassAccount account) {
        if (graph.readers(value).isEmpty() && !graph.isOutput(value)) {
            account.refuse(value.name(), complaint);
        }
    }
}
