package dev.hone.quantize;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Nibbles;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.transform.Replacement;
import dev.hone.transform.RewriteRule;
import dev.hone.transform.Rewriting;
import java.util.Optional;

/**
 * Large linear layers multiply bytes with weights of four bits, which are quantised as they are read, not copied.
 *
 * <pre>
 * linear(x, W[n, k], b)  →  groupedLinear(x, rint(V / s), s, b)     s_ng by {@link GroupScales}
 * </pre>
 *
 * <p>V is W, mixed by its {@link dev.hone.tensor.Rotation} as rows of x are. A scale for each output and group of 32
 * inputs; rows are quantised as by {@link QuantizeLinear}. For short inputs, when reading the weights is what takes the
 * time.
 */
public final class GroupLinear implements RewriteRule {
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
        if (LargeLinear.rowMagnitudes(linear.get().weight(), node, graph).isEmpty()) {
            return Optional.empty();
        }
        Tensor matrix = Tensor.mixed(linear.get().weight());
        float[] scales = GroupScales.of(matrix);
        Value weight = graph.addConstant(node.input(1).name() + ".nibbles", Tensor.nibbles(matrix, scales));
        long rows = matrix.shape().dim(0).value();
        int groups = Nibbles.groups(Math.toIntExact(matrix.shape().dim(1).value()));
        Value scale = graph.addConstant(
                node.input(1).name() + ".scales",
                Tensor.converted(Tensor.ofFloats(Shape.of(rows, groups), scales), DType.BF16));
        Value bias = QuantizeLinear.floats(node.input(2), graph);
        Op.GroupedLinear grouped = new Op.GroupedLinear(linear.get().op().activation());
        return Optional.of(Replacement.of(grouped, node.input(0), weight, scale, bias));
    }
}
