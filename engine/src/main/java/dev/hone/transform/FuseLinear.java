package dev.hone.transform;

import dev.hone.graph.Activation;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Optional;

/**
 * Products with constant weights become linear layers; the weight is seen transposed, not copied.
 *
 * <pre>
 * add(matMul(x, W[k, n]), b[n])  →  linear(x, Wᵀ, b)     the product has no other reader
 * matMul(x, W[k, n])             →  linear(x, Wᵀ, 0)     no bias follows
 * </pre>
 */
public final class FuseLinear implements RewriteRule {
    private static final Op LINEAR = new Op.Linear(Activation.NONE, DType.F32);

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return switch (node.op()) {
            case Op.Binary binary
            when binary.function() == BinaryFunction.ADD -> {
                Optional<Replacement> leading = addBias(node, graph, node.input(0), node.input(1));
                yield leading.isPresent() ? leading : addBias(node, graph, node.input(1), node.input(0));
            }
            case Op.MatMul _ -> withoutBias(node, graph);
            default -> Optional.empty();
        };
    }

    /** The product is a linear layer with a bias of zeros by now: this rule saw it first. */
    private static Optional<Replacement> addBias(Node node, Rewriting graph, Value product, Value bias) {
        Optional<Node> linear = graph.producer(product, Op.Linear.class).filter(found -> isZero(found, graph));
        if (linear.isEmpty() || !graph.isConstant(bias)) {
            return Optional.empty();
        }
        Shape columns = Shape.of(product.shape().last());
        if (!bias.shape().equals(columns)) {
            return graph.refuse(
                    node, "the bias " + bias + " does not have one value for each of the columns " + columns);
        }
        if (!graph.isUsedOnce(product)) {
            return graph.refuse(node, "the product " + product.name() + " is read elsewhere too");
        }
        return Optional.of(
                Replacement.of(LINEAR, linear.get().input(0), linear.get().input(1), bias));
    }

    private static boolean isZero(Node linear, Rewriting graph) {
        Optional<Tensor> bias = graph.constant(linear.input(2));
        if (bias.isEmpty() || ((Op.Linear) linear.op()).activation() != Activation.NONE) {
            return false;
        }
        for (float value : bias.get().toFloatArray()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Replacement> withoutBias(Node node, Rewriting graph) {
        Optional<Tensor> weight = graph.constant(node.input(1));
        if (weight.isEmpty()) {
            return Optional.empty();
        }
        if (weight.get().rank() != 2) {
            return graph.refuse(node, "the weight " + node.input(1) + " is no matrix");
        }
        Tensor transposed = weight.get().transposed();
        int columns = Math.toIntExact(transposed.shape().dim(0).value());
        Value bias = graph.addConstant(node.name() + ".bias", Tensor.ofFloats(Shape.of(columns), new float[columns]));
        Value packed = graph.addConstant(node.name() + ".weight", transposed);
        return Optional.of(Replacement.of(LINEAR, node.input(0), packed, bias));
    }
}
