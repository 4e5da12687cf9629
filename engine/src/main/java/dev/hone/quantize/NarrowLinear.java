package dev.hone.quantize;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Float16;
import dev.hone.tensor.Tensor;
import dev.hone.transform.Replacement;
import dev.hone.transform.RewriteRule;
import dev.hone.transform.Rewriting;
import java.util.Optional;

/**
 * Large linear layers take weights of 16 bits; weights are rounded as they are read, not copied.
 *
 * <pre>
 * linear(x, W, b)  →  linear(x, W as bf16, b)     products f32 or bf16
 * linear(x, W, b)  →  linear(x, W as f16, b)      products f32; no weight is beyond 65504
 * </pre>
 */
public final class NarrowLinear implements RewriteRule {
    private final DType weights;
    private final DType arithmetic;

    private NarrowLinear(DType weights, DType arithmetic) {
        this.weights = weights;
        this.arithmetic = arithmetic;
    }

    /** Weights as bf16; products too if the processor has them. */
    public static NarrowLinear toBfloat(boolean products) {
        return new NarrowLinear(DType.BF16, products ? DType.BF16 : DType.F32);
    }

    /** Weights as f16. */
    public static NarrowLinear toHalf() {
        return new NarrowLinear(DType.F16, DType.F32);
    }

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        Optional<LargeLinear> linear = LargeLinear.of(node, graph);
        if (linear.isEmpty()) {
            return Optional.empty();
        }
        Optional<float[]> magnitudes = LargeLinear.rowMagnitudes(linear.get().weight(), node, graph);
        if (magnitudes.isEmpty()) {
            return Optional.empty();
        }
        float largest = LargeLinear.largest(magnitudes.get());
        if (!Float.isFinite(rounded(largest))) {
            return graph.refuse(
                    node,
                    "its weight " + node.input(1) + " holds " + largest + ", beyond the range of " + weights.text());
        }
        Value narrow = graph.addConstant(
                node.input(1).name() + "." + weights.text(),
                Tensor.converted(linear.get().weight(), weights));
        Op.Linear op = new Op.Linear(linear.get().op().activation(), arithmetic);
        return Optional.of(Replacement.of(op, node.input(0), narrow, node.input(2)));
    }

    private float rounded(float value) {
        return weights == DType.F16
                ? Float16.fromHalf(Float16.toHalf(value))
                : Float16.fromBfloat16(Float16.toBfloat16(value));
    }
}
