package dev.hone.quantize;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.tensor.DType;
import dev.hone.transform.Replacement;
import dev.hone.transform.RewriteRule;
import dev.hone.transform.Rewriting;
import java.util.Optional;

/** attention with products of f32  →  attention with products of bf16. */
public final class NarrowAttention implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!(node.op() instanceof Op.Attention op)) {
            return Optional.empty();
        }
        if (node.input(0).type() != DType.F32) {
            return graph.refuse(node, "its rows are " + node.input(0).type().text());
        }
        return Optional.of(
                Replacement.of(new Op.Attention(op.heads(), op.headSize(), op.scale(), DType.BF16), node.inputs()));
    }
}
