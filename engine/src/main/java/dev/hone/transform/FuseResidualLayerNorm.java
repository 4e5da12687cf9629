package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import java.util.Optional;

/**
 * layerNorm(add(x, residual), γ, β)  →  residualLayerNorm(x, residual, γ, β), when nothing else reads the sum. Of two
 * candidates x is the linear layer's output that nothing else reads.
 */
public final class FuseResidualLayerNorm implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!(node.op() instanceof Op.LayerNorm norm)) {
            return Optional.empty();
        }
        Optional<Node> sum = graph.producer(node.input(0), Op.Binary.class)
                .filter(found -> ((Op.Binary) found.op()).function() == BinaryFunction.ADD)
                .filter(found ->
                        found.input(0).valueType().equals(found.input(1).valueType()));
        if (sum.isEmpty()) {
            return Optional.empty();
        }
        if (!graph.isUsedOnce(node.input(0))) {
            return graph.refuse(node, "the sum " + node.input(0).name() + " is read elsewhere too");
        }
        boolean inOrder = isOwnProduct(sum.get().input(0), graph)
                || !isOwnProduct(sum.get().input(1), graph);
        Value x = sum.get().input(inOrder ? 0 : 1);
        Value residual = sum.get().input(inOrder ? 1 : 0);
        return Optional.of(
                Replacement.of(new Op.ResidualLayerNorm(norm.epsilon()), x, residual, node.input(1), node.input(2)));
    }

    private static boolean isOwnProduct(Value value, Rewriting graph) {
        return graph.isUsedOnce(value) && graph.producer(value, Op.Linear.class).isPresent();
    }
}
