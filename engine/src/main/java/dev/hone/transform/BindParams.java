package dev.hone.transform;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inputs that always have the same number become constants: a model that never sees a second segment needs no input for
 * token types. Weights are constants of every graph already.
 *
 * <p>Answers stay those for inputs that hold that number everywhere.
 */
public final class BindParams implements Pass {
    private final Map<String, Double> numbers;

    /** @param numbers the number of every element, by the input's name */
    public BindParams(Map<String, Double> numbers) {
        this.numbers = Map.copyOf(numbers);
    }

    @Override
    public String name() {
        return getClass().getSimpleName();
    }

    /** @throws HoneException of category USAGE, with the inputs there are, when a name is none of them */
    @Override
    public Graph apply(Graph graph, PassAccount account) {
        List<Value> inputs = new ArrayList<>(graph.inputs());
        List<String> names = inputs.stream().map(Value::name).toList();
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        List<Node> nodes = new ArrayList<>();
        numbers.forEach((name, number) -> {
            if (!names.contains(name)) {
                throw new HoneException(
                        Category.USAGE, "there is no input " + name + " to bind; the inputs are " + names);
            }
            Value input = inputs.get(inputs.stream().map(Value::name).toList().indexOf(name));
            inputs.remove(input);
            Value constant = constant(input, number, constants, graph);
            nodes.add(new Node(new Op.Expand(input.shape()), List.of(constant), input));
            account.fire(name);
        });
        if (numbers.isEmpty()) {
            graph.inputs().forEach(input -> account.refuse(input.name(), "no number was given for this input"));
            return graph;
        }
        nodes.addAll(graph.nodes());
        return new Graph(graph.name(), inputs, constants, nodes, graph.outputs());
    }

    private static Value constant(Value input, double number, Map<String, Tensor> constants, Graph graph) {
        Tensor tensor = input.type().isFloat()
                ? Tensor.ofFloats(Shape.SCALAR, (float) number)
                : Tensor.ofLongs(Shape.SCALAR, (long) number);
        String name = input.name() + ".bound";
        while (constants.containsKey(name)
                || graph.nodes().stream().map(Node::name).toList().contains(name)) {
            name += ".bound";
        }
        constants.put(name, tensor);
        return new Value(name, tensor.type(), Shape.SCALAR);
    }
}
