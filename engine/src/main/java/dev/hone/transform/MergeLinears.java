package dev.hone.transform;

import dev.hone.graph.Activation;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Linear layers that read the same rows and whose results are joined become one layer; weights are joined as views.
 *
 * <pre>
 * concat(linear(x, W1, b1), linear(x, W2, b2), …) along the columns  →  linear(x, [W1; W2; …], [b1; b2; …])
 * </pre>
 */
public final class MergeLinears implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        boolean joinsColumns = node.op() instanceof Op.Concat concat
                && concat.axis() == node.output().shape().rank() - 1;
        if (!joinsColumns) {
            return Optional.empty();
        }
        List<Node> linears = node.inputs().stream()
                .flatMap(part -> graph.producer(part, Op.Linear.class).stream())
                .toList();
        if (linears.isEmpty()) {
            return Optional.empty();
        }
        Op.Linear op = (Op.Linear) linears.getFirst().op();
        Value rows = linears.getFirst().input(0);
        boolean alike = linears.size() == node.inputs().size()
                && linears.stream()
                        .allMatch(linear ->
                                linear.op().equals(op) && linear.input(0).equals(rows));
        if (!alike || op.activation() != Activation.NONE) {
            return graph.refuse(node, "its parts are not linear layers of the same rows without activation");
        }
        if (!linears.stream().allMatch(linear -> hasConstants(linear, graph))) {
            return graph.refuse(node, "the weights of its parts are not all constants");
        }
        Value weight = join(node.name() + ".weight", linears, linear -> linear.input(1), graph);
        Value bias = join(node.name() + ".bias", linears, linear -> linear.input(2), graph);
        return Optional.of(Replacement.of(op, rows, weight, bias));
    }

    private static boolean hasConstants(Node linear, Rewriting graph) {
        return graph.isConstant(linear.input(1)) && graph.isConstant(linear.input(2));
    }

    private static Value join(String name, List<Node> linears, Function<Node, Value> operand, Rewriting graph) {
        List<Tensor> parts = linears.stream()
                .map(linear -> graph.constant(operand.apply(linear)).orElseThrow())
                .toList();
        return graph.addConstant(name, Tensor.concatenate(0, parts));
    }
}
