package dev.hone.measure;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import java.util.Map;

/** Operations that the products of a graph need: two for each multiplication and addition. */
public final class ModelWork {
    private final Graph graph;

    public ModelWork(Graph graph) {
        this.graph = graph;
    }

    /** Operations for one batch of a shape, without padding and without anything elementwise. */
    public double operations(InputShape shape) {
        Map<String, Long> extents = Map.of("batch", (long) shape.batch(), "sequence", (long) shape.sequence());
        double total = 0;
        for (Node node : graph.nodes()) {
            total += operations(node, shape, extents);
        }
        return total;
    }

    private static double operations(Node node, InputShape shape, Map<String, Long> extents) {
        boolean isProduct = node.op() instanceof Op.Linear
                || node.op() instanceof Op.QuantizedLinear
                || node.op() instanceof Op.GroupedLinear
                || node.op() instanceof Op.MatMul;
        if (isProduct) {
            double elements = node.output().shape().elementCount().resolve(extents);
            return 2 * elements * node.input(0).shape().last().resolve(extents);
        }
        if (node.op() instanceof Op.Attention attention) {
            double width = (double) attention.heads() * attention.headSize();
            return 4.0 * shape.batch() * shape.sequence() * shape.sequence() * width;
        }
        return 0;
    }

    /**
     * Rows of the word table.
     *
     * @throws IllegalStateException when nothing looks up the token ids
     */
    public int vocabulary() {
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.Embedding) {
                return Math.toIntExact(node.input(2).shape().dim(0).value());
            }
            if (node.op() instanceof Op.Gather && isTokenIds(node.input(1))) {
                return Math.toIntExact(node.input(0).shape().dim(0).value());
            }
        }
        throw new IllegalStateException("graph " + graph.name() + " looks up no token ids");
    }

    /** The ids themselves or what an exporter did to them, such as a cast. */
    private boolean isTokenIds(Value value) {
        return value.name().equals("input_ids")
                || graph.producer(value)
                        .filter(node -> node.op() instanceof Op.Cast)
                        .map(node -> isTokenIds(node.input(0)))
                        .orElse(false);
    }
}
