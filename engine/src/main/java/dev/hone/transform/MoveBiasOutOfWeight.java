package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Optional;

/**
 * The last row of a weight that meets a column of ones becomes a bias again. The reverse of {@link MoveBiasIntoWeight}.
 *
 * <pre>
 * matMul(concat(x [.., k], ones [.., 1]), W [k + 1, n])  →  add(matMul(x, W[rows 0 to k]), W[row k])
 * </pre>
 */
public final class MoveBiasOutOfWeight implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        Optional<Tensor> weight = node.op() instanceof Op.MatMul ? graph.constant(node.input(1)) : Optional.empty();
        Optional<Node> joined = weight.filter(tensor -> tensor.rank() == 2)
                .flatMap(_ -> graph.producer(node.input(0), Op.Concat.class))
                .filter(concat -> endsWithOnes(concat, graph));
        if (joined.isEmpty()) {
            return Optional.empty();
        }
        Value rows = joined.get().input(0);
        long depth = rows.shape().last().value();
        Tensor both = weight.get();
        Value product = graph.addNode(
                node.name() + ".product",
                new Op.MatMul(),
                rows,
                graph.addConstant(node.name() + ".weight", Tensor.sliced(both, 0, 0, depth)));
        float[] numbers = Tensor.sliced(both, 0, depth, depth + 1).toFloatArray();
        Value bias = graph.addConstant(node.name() + ".bias", Tensor.ofFloats(Shape.of(numbers.length), numbers));
        return Optional.of(Replacement.of(new Op.Binary(BinaryFunction.ADD), product, bias));
    }

    private static boolean endsWithOnes(Node concat, Rewriting graph) {
        boolean isColumn =
                ((Op.Concat) concat.op()).axis() == concat.output().shape().rank() - 1
                        && concat.inputs().size() == 2
                        && concat.input(0).shape().last().isFixed()
                        && concat.input(1).shape().last().is(1);
        return isColumn && graph.scalar(concat.input(1)).orElse(0) == 1;
    }
}
