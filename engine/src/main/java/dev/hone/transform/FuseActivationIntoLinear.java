package dev.hone.transform;

import dev.hone.graph.Activation;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import java.util.Optional;

/** activate(linear(x, W, b))  →  linear with the activation, when nothing else reads the product. */
public final class FuseActivationIntoLinear implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!(node.op() instanceof Op.Activate activate)) {
            return Optional.empty();
        }
        Optional<Node> linear = graph.producer(node.input(0), Op.Linear.class)
                .filter(found -> ((Op.Linear) found.op()).activation() == Activation.NONE);
        if (linear.isEmpty()) {
            return graph.refuse(node, "its operand " + node.input(0).name() + " is no linear layer without activation");
        }
        if (!graph.isUsedOnce(node.input(0))) {
            return graph.refuse(node, "the product " + node.input(0).name() + " is read elsewhere too");
        }
        return Optional.of(Replacement.of(
                new Op.Linear(activate.activation(), ((Op.Linear) linear.get().op()).arithmetic()),
                linear.get().inputs()));
    }
}
