package dev.hone.quantize;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.RowRange;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.transform.Replacement;
import dev.hone.transform.RewriteRule;
import dev.hone.transform.Rewriting;
import java.util.Optional;

/**
 * Large linear layers multiply bytes; their weights are quantised as they are read, not copied.
 *
 * <pre>
 * linear(x, W[n, k], b)  →  quantizedLinear(x, rint(V / s), s, b)     s_n = max |V_n| / 127
 * </pre>
 *
 * <p>V is W, mixed by its {@link dev.hone.tensor.Rotation} where rows of x are.
 *
 * <p>Symmetric, one scale for each output, or one for all; rows of x are quantised by themselves when the model runs,
 * so that an unusual token costs no other one its precision and no calibration is needed, or within a range that
 * calibration found.
 */
public final class QuantizeLinear implements RewriteRule {
    private static final float LARGEST = 127;

    private final ByteSettings settings;
    private final Calibration calibration;

    /** Each row by itself, a scale for each output. */
    public QuantizeLinear() {
        this(ByteSettings.USUAL, Calibration.NONE);
    }

    /** @param calibration has the ranges of rows, when these are fixed */
    public QuantizeLinear(ByteSettings settings, Calibration calibration) {
        this.settings = settings;
        this.calibration = calibration;
    }

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        Optional<LargeLinear> linear = LargeLinear.of(node, graph);
        if (linear.isEmpty()) {
            return Optional.empty();
        }
        if (linear.get().op().arithmetic() != DType.F32) {
            return graph.refuse(
                    node, "its products are " + linear.get().op().arithmetic().text() + " already");
        }
        Optional<RowRange> range = settings.isStatic() ? calibration.range(node.name()) : Optional.of(RowRange.OWN);
        if (range.isEmpty()) {
            return graph.refuse(node, "it was not calibrated");
        }
        Op.QuantizedLinear quantized = new Op.QuantizedLinear(linear.get().op().activation(), fitting(range.get()));
        Tensor matrix = quantized.range().isOwn()
                ? Tensor.mixed(linear.get().weight())
                : linear.get().weight();
        return LargeLinear.rowMagnitudes(matrix, node, graph)
                .map(magnitudes -> replacement(node, quantized, matrix, scales(magnitudes), graph));
    }

    private static Replacement replacement(
            Node node, Op.QuantizedLinear quantized, Tensor matrix, float[] scales, Rewriting graph) {
        Value weight = graph.addConstant(node.input(1).name() + ".bytes", Tensor.quantized(matrix, scales));
        Value scale =
                graph.addConstant(node.input(1).name() + ".scales", Tensor.ofFloats(Shape.of(scales.length), scales));
        Value bias = floats(node.input(2), graph);
        return Replacement.of(quantized, node.input(0), weight, scale, bias);
    }

    private float[] scales(float... magnitudes) {
        float[] scales = magnitudes.clone();
        float largest = LargeLinear.largest(magnitudes);
        boolean oneForAll = settings.weights() == ByteSettings.Weights.PER_TENSOR;
        for (int row = 0; row < scales.length; row++) {
            scales[row] = (oneForAll ? largest : scales[row]) / LARGEST;
        }
        return scales;
    }

    private RowRange fitting(RowRange range) {
        return settings.rows() == ByteSettings.Rows.STATIC_SYMMETRIC ? range.symmetric() : range;
    }

    /** Small enough to be widened whatever type the checkpoint keeps it in. */
    static Value floats(Value bias, Rewriting graph) {
        return graph.constant(bias)
                .filter(tensor -> tensor.type() != DType.F32)
                .map(tensor -> graph.addConstant(bias.name() + ".f32", Tensor.converted(tensor, DType.F32)))
                .orElse(bias);
    }
}
