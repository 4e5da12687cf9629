package dev.hone.quantize;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import dev.hone.transform.Replacement;
import dev.hone.transform.RewriteRule;
import dev.hone.transform.Rewriting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Large inputs of a linear layer are made smaller and its weights for them larger, so that rows of bytes have finer
 * steps; the product stays the same. Weights are scaled as they are read, not copied.
 *
 * <pre>
 * linear(norm(x, gamma, beta), W, b)        →  linear(norm(x, gamma / s, beta / s), W · s, b)
 * linear(attention(linear(x, V, c)), W, b)  →  linear(attention(linear(x, V / s, c / s)), W · s, b)
 * </pre>
 *
 * <p>Other readers of a norm, such as a residual sum, keep reading the one that there was; it goes when nothing reads
 * it. {@code s_j = a_j^α / w_j^(1 − α)}, rounded to a power of two so that scaling rounds nothing, where a is the usual
 * size of input j in calibration and w the largest weight for it.
 *
 * <p>Source: Xiao et al., "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models",
 * 2023, with the root of the mean square in place of the largest input.
 */
final class SmoothLinear implements RewriteRule {
    private final double strength;
    private final Calibration calibration;

    /** @param strength α, from 0 (weights alone decide) to 1 (inputs alone) */
    SmoothLinear(double strength, Calibration calibration) {
        this.strength = strength;
        this.calibration = calibration;
    }

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        Optional<LargeLinear> linear = LargeLinear.of(node, graph);
        if (linear.isEmpty()) {
            return Optional.empty();
        }
        Optional<InputSizes> sizes = calibration.sizes(node.name());
        if (sizes.isEmpty()) {
            return graph.refuse(node, "it was not calibrated");
        }
        Optional<Node> producer = graph.producer(node.input(0));
        if (producer.isEmpty()) {
            return graph.refuse(node, "its rows are an input of the model");
        }
        if (LargeLinear.rowMagnitudes(linear.get().weight(), node, graph).isEmpty()) {
            return Optional.empty();
        }
        float[] factors = factors(sizes.get().sizes(), linear.get().weight());
        Optional<Value> rows = switch (producer.get().op()) {
            case Op.ResidualLayerNorm _, Op.LayerNorm _, Op.Embedding _ -> norm(producer.get(), factors, graph);
            case Op.Attention _ -> attention(producer.get(), factors, graph);
            default -> Optional.empty();
        };
        if (rows.isEmpty()) {
            return graph.refuse(node, "nothing that makes its rows can be scaled");
        }
        Tensor scaled = Tensor.scaled(floats(linear.get().weight()), 1, factors);
        Value weight = graph.addConstant(node.input(1).name() + ".smooth", scaled);
        return Optional.of(Replacement.of(node.op(), rows.get(), weight, node.input(2)));
    }

    /** A norm whose outputs are divided by the factors. */
    private static Optional<Value> norm(Node norm, float[] factors, Rewriting graph) {
        List<Value> operands = new ArrayList<>(norm.inputs());
        for (int vector = operands.size() - 2; vector < operands.size(); vector++) {
            Optional<Value> divided = divided(operands.get(vector), factors, graph);
            if (divided.isEmpty()) {
                return Optional.empty();
            }
            operands.set(vector, divided.get());
        }
        return Optional.of(graph.addNode(norm.name() + ".smooth", norm.op(), operands.toArray(Value[]::new)));
    }

    /** An attention whose values are divided by the factors, when nothing else reads it. */
    private static Optional<Value> attention(Node attention, float[] factors, Rewriting graph) {
        Optional<Node> merged = graph.producer(attention.input(0), Op.Linear.class);
        if (merged.isEmpty() || !graph.isUsedOnce(attention.output()) || !graph.isUsedOnce(attention.input(0))) {
            return Optional.empty();
        }
        Node values = merged.get();
        float[] last = new float[3 * factors.length];
        Arrays.fill(last, 1);
        System.arraycopy(factors, 0, last, 2 * factors.length, factors.length);
        Optional<Value> weight = divided(values.input(1), last, graph);
        Optional<Value> bias = divided(values.input(2), last, graph);
        if (weight.isEmpty() || bias.isEmpty()) {
            return Optional.empty();
        }
        Value rows = graph.addNode(values.name() + ".smooth", values.op(), values.input(0), weight.get(), bias.get());
        return Optional.of(graph.addNode(attention.name() + ".smooth", attention.op(), rows, attention.input(1)));
    }

    private static Optional<Value> divided(Value value, float[] factors, Rewriting graph) {
        float[] inverses = new float[factors.length];
        for (int index = 0; index < factors.length; index++) {
            inverses[index] = 1 / factors[index];
        }
        return graph.constant(value)
                .map(tensor -> graph.addConstant(value.name() + ".smooth", Tensor.scaled(floats(tensor), 0, inverses)));
    }

    private static Tensor floats(Tensor tensor) {
        return tensor.type() == DType.F32 ? tensor : Tensor.converted(tensor, DType.F32);
    }

    /** 1 where an input or its weights are zero. */
    private float[] factors(double[] sizes, Tensor weight) {
        float[] weights = InputSizes.columnMagnitudes(weight);
        float[] factors = new float[sizes.length];
        for (int index = 0; index < factors.length; index++) {
            double factor = Math.pow(sizes[index], strength) / Math.pow(weights[index], 1 - strength);
            boolean usable = factor > Float.MIN_NORMAL && factor < Float.MAX_VALUE / 2;
            factors[index] = usable ? Math.scalb(1f, (int) Math.rint(Math.log(factor) / Math.log(2))) : 1;
        }
        return factors;
    }
}
