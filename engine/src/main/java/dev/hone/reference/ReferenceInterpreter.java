package dev.hone.reference;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs graphs of any operators, one after another, by their definitions.
 *
 * <p>Floats are held as f32 whatever their type; sums, products and functions are computed in double precision and each
 * operator's results are rounded to f32 once. Integers are exact. Constants are read once, when the interpreter is
 * made.
 */
public final class ReferenceInterpreter {
    private final Graph graph;
    private final Map<String, Numbers> constants = new HashMap<>();

    public ReferenceInterpreter(Graph graph) {
        this.graph = graph;
        graph.constants().forEach((name, tensor) -> constants.put(name, Numbers.of(tensor)));
    }

    /** Runs a graph once. */
    public static Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) {
        return new ReferenceInterpreter(graph).run(inputs);
    }

    /**
     * Runs the graph.
     *
     * @param inputs a tensor for each input, by name; symbols of the graph take the extents found here
     * @return the outputs in the graph's order: floats as f32, integers and booleans as i64
     * @throws HoneException of category INPUT, naming the input or node, when a tensor is missing, has another type or
     *     shape than the input, gives a symbol a second value, or holds an index outside its table
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Numbers> values = new HashMap<>(constants);
        Map<String, Long> symbols = new HashMap<>();
        for (Value input : graph.inputs()) {
            Tensor tensor = inputs.get(input.name());
            if (tensor == null) {
                throw refused(input, "is missing");
            }
            bind(input, tensor, symbols);
            values.put(input.name(), Numbers.of(tensor));
        }
        for (Node node : graph.nodes()) {
            values.put(node.name(), run(node, values, symbols));
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        graph.outputs()
                .forEach((name, value) -> outputs.put(name, find(values, value).toTensor()));
        return outputs;
    }

    private static void bind(Value input, Tensor tensor, Map<String, Long> symbols) {
        Shape wanted = input.shape();
        if (tensor.type() != input.type() || tensor.rank() != wanted.rank()) {
            throw refused(input, "was given " + tensor.type().text() + tensor.shape());
        }
        for (int axis = 0; axis < wanted.rank(); axis++) {
            Dim dim = wanted.dim(axis);
            long extent = tensor.shape().dim(axis).value();
            if (dim.symbols().size() == 1 && dim.factor() == 1) {
                symbols.putIfAbsent(dim.symbols().getFirst(), extent);
            }
            if (extent == 0 || !symbols.keySet().containsAll(dim.symbols()) || dim.resolve(symbols) != extent) {
                throw refused(input, "was given " + tensor.shape() + " where " + symbols);
            }
        }
    }

    private static HoneException refused(Value input, String complaint) {
        return new HoneException(
                Category.INPUT, "the input " + input + " " + complaint + "; give a tensor of this type and shape");
    }

    private static Numbers find(Map<String, Numbers> values, Value value) {
        Numbers numbers = values.get(value.name());
        if (numbers == null) {
            throw new IllegalStateException(value + " has not been computed");
        }
        return numbers;
    }

    private static Numbers run(Node node, Map<String, Numbers> values, Map<String, Long> symbols) {
        List<Numbers> operands =
                node.inputs().stream().map(value -> find(values, value)).toList();
        int[] dims = Arrays.stream(node.output().shape().resolve(symbols))
                .mapToInt(Math::toIntExact)
                .toArray();
        try {
            return run(node.op(), operands, Numbers.zeros(node.output().type(), dims), symbols);
        } catch (HoneException failure) {
            throw failure.at("node " + node.name());
        }
    }

    private static Numbers run(Op op, List<Numbers> in, Numbers result, Map<String, Long> symbols) {
        return switch (op) {
            case Op.Binary binary -> Elementwise.binary(binary.function(), in.get(0), in.get(1), result);
            case Op.Unary unary -> Elementwise.unary(unary.function(), in.get(0), result);
            case Op.Where _ -> Elementwise.where(in.get(0), in.get(1), in.get(2), result);
            case Op.Cast _ -> Elementwise.cast(in.get(0), result);
            case Op.MatMul _ -> Sums.matMul(in.get(0), in.get(1), result);
            case Op.Transpose transpose -> Movement.transpose(transpose.permutation(), in.get(0), result);
            case Op.Reshape _ -> in.get(0).reshaped(result.dims());
            case Op.Expand _ -> in.get(0).broadcastTo(result.dims());
            case Op.Gather gather -> Movement.gather(gather.axis(), in.get(0), in.get(1), result);
            case Op.Slice slice ->
                Movement.slice(slice.axis(), (int) slice.start().resolve(symbols), in.get(0), result);
            case Op.Concat concat -> Movement.concatenate(concat.axis(), in, result);
            case Op.Softmax softmax -> Sums.softmax(softmax.axis(), in.get(0), result);
            case Op.Reduce reduce -> Sums.reduce(reduce, in.get(0), result);
            case Op.CumulativeSum sum -> Sums.cumulativeSum(sum.axis(), in.get(0), result);
            case Op.Range _ -> Movement.range(result);
            case Op.Dropout _ -> in.get(0);
            case Op.LayerNorm norm -> Sums.layerNorm(norm.epsilon(), in.get(0), in.get(1), in.get(2), result);
            case Op.Activate activate -> Elementwise.activate(activate.activation(), in.get(0), result);
            case Op.ResidualLayerNorm norm -> Sums.residualLayerNorm(norm.epsilon(), in, result);
            case Op.Normalize normalize -> Sums.unitRows(normalize.epsilon(), in.get(0), result);
            case Op.Fused fused -> FusedOperators.run(fused, in, result);
        };
    }
}
