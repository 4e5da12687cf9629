package dev.hone.transform;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import java.util.List;
import java.util.Optional;

/**
 * A product with a constant matrix, with the bias that is added to it: what exports have for a linear layer.
 *
 * @param last the node that gives the layer's value: the addition, or the product where there is none
 * @param rows what is multiplied, [.., k]
 * @param weight constant, [k, n]
 * @param bias constant, [n]; empty where nothing of that shape is added to the product alone
 */
record LinearSite(Node last, Value rows, Value weight, Optional<Value> bias) {
    /** The layers of a graph in running order. */
    static List<LinearSite> in(Graph graph) {
        return graph.nodes().stream()
                .filter(node -> isProduct(node, graph))
                .map(node -> of(node, graph))
                .toList();
    }

    private static boolean isProduct(Node node, Graph graph) {
        return node.op() instanceof Op.MatMul
                && graph.constant(node.input(1)).isPresent()
                && node.input(1).shape().rank() == 2
                && node.input(1).type() == DType.F32
                && node.output().type() == DType.F32;
    }

    private static LinearSite of(Node product, Graph graph) {
        List<Node> readers = graph.readers(product.output());
        boolean readOnce = readers.size() == 1 && !graph.isOutput(product.output());
        Optional<Value> bias = readOnce ? addedTo(product.output(), readers.getFirst(), graph) : Optional.empty();
        return new LinearSite(
                bias.isPresent() ? readers.getFirst() : product, product.input(0), product.input(1), bias);
    }

    private static Optional<Value> addedTo(Value product, Node reader, Graph graph) {
        boolean adds = reader.op() instanceof Op.Binary binary && binary.function() == BinaryFunction.ADD;
        if (!adds || reader.input(0).equals(reader.input(1))) {
            return Optional.empty();
        }
        Value other = reader.input(0).equals(product) ? reader.input(1) : reader.input(0);
        boolean fits = graph.constant(other).isPresent()
                && other.shape().rank() == 1
                && other.shape().last().equals(product.shape().last());
        return fits ? Optional.of(other) : Optional.empty();
    }

    long columns() {
        return weight.shape().last().value();
    }

    /** The axis of the layer's value that holds the columns. */
    int columnAxis() {
        return last.output().shape().rank() - 1;
    }
}
