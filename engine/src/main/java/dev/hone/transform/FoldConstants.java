package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** transpose(constant matrix)  →  the same memory seen the other way round; nothing is copied. */
public final class FoldConstants implements RewriteRule {
    private static final List<Integer> SWAP = List.of(1, 0);

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!(node.op() instanceof Op.Transpose transpose)
                || !transpose.permutation().equals(SWAP)) {
            return Optional.empty();
        }
        return graph.constant(node.input(0))
                .map(Tensor::transposed)
                .map(tensor -> Replacement.by(graph.addConstant(node.input(0).name() + ".transposed", tensor)));
    }
}
