package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Value;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Optional;

/**
 * One of a stack of linear layers becomes a layer by itself. The reverse of {@link StackParallelLinears}.
 *
 * <pre>
 * gather(matMul(x [b, s, k], W [m, 1, k, n]) + b [m, 1, 1, n], i)  →  matMul(x, W[i]) + b[i]
 * </pre>
 */
public final class UnstackLinears implements RewriteRule {
    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!picksOne(node, graph)) {
            return Optional.empty();
        }
        Optional<Node> sum = graph.producer(node.input(0), Op.Binary.class)
                .filter(found -> ((Op.Binary) found.op()).function() == BinaryFunction.ADD)
                .filter(found -> isStack(found.input(1), graph)
                        && found.input(1).shape().dim(2).is(1));
        Optional<Node> product = graph.producer(sum.map(found -> found.input(0)).orElse(node.input(0)), Op.MatMul.class)
                .filter(found -> found.input(0).shape().rank() == 3 && isStack(found.input(1), graph));
        if (product.isEmpty()) {
            return Optional.empty();
        }
        long given = (long) graph.scalar(node.input(1)).orElseThrow();
        long place = given < 0 ? given + node.input(0).shape().dim(0).value() : given;
        Value rows = product.get().input(0);
        Value stack = product.get().input(1);
        Shape matrix = Shape.of(stack.shape().dim(2), stack.shape().last());
        Value weight = graph.addConstant(node.name() + ".weight", part(stack, place, matrix, graph));
        if (sum.isEmpty()) {
            return Optional.of(Replacement.of(new Op.MatMul(), rows, weight));
        }
        Value alone = graph.addNode(node.name() + ".product", new Op.MatMul(), rows, weight);
        Value numbers = sum.get().input(1);
        Shape vector = Shape.of(numbers.shape().last());
        Value bias = graph.addConstant(node.name() + ".bias", part(numbers, place, vector, graph));
        return Optional.of(Replacement.of(new Op.Binary(BinaryFunction.ADD), alone, bias));
    }

    private static boolean picksOne(Node node, Rewriting graph) {
        return node.op() instanceof Op.Gather gather
                && gather.axis() == 0
                && node.input(1).shape().rank() == 0
                && graph.isConstant(node.input(1))
                && node.input(0).shape().rank() == 4;
    }

    private static boolean isStack(Value value, Rewriting graph) {
        return graph.isConstant(value)
                && value.type().isFloat()
                && value.shape().rank() == 4
                && value.shape().dim(1).is(1);
    }

    private static Tensor part(Value stack, long place, Shape shape, Rewriting graph) {
        Tensor all = graph.constant(stack).orElseThrow();
        return Tensor.ofFloats(shape, Tensor.sliced(all, 0, place, place + 1).toFloatArray());
    }
}
