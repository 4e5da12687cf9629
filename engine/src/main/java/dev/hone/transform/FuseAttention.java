package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Multi-head self-attention.
 *
 * <pre>
 * q, k, v [b, s, h·d], each reshaped to [b, s, h, d] and transposed to [b, h, s, d]
 * softmax(scale · q · kᵀ + mask) · v, transposed and reshaped to [b, s, h·d]
 *   →  attention(concat(q, k, v), attention_mask)
 * </pre>
 *
 * The scale may be multiplied or divided into q, k or the scores. The mask may be added ({@code (1 − mask) · −10000})
 * or chosen ({@code where(mask = 0, −∞, scores)}); it is recognised by evaluating it for tokens and for padding.
 * {@link MergeLinears} then joins the three products.
 */
public final class FuseAttention implements RewriteRule {
    private static final List<Integer> HEADS_OUT = List.of(0, 2, 1, 3);
    private static final List<Integer> KEYS_OUT = List.of(0, 2, 3, 1);
    private static final List<Integer> LAST_TWO = List.of(0, 1, 3, 2);

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        Optional<Node> product = node.op() instanceof Op.Reshape
                        && node.output().shape().rank() == 3
                ? transposed(node.input(0), HEADS_OUT, graph).flatMap(value -> graph.producer(value, Op.MatMul.class))
                : Optional.empty();
        Optional<Node> softmax = product.flatMap(found -> softmax(found.input(0), graph));
        if (softmax.isEmpty()) {
            return Optional.empty();
        }
        Optional<Value> values = heads(product.get().input(1), HEADS_OUT, graph);
        if (values.isEmpty()) {
            return graph.refuse(node, "the values " + product.get().input(1).name() + " are not heads of rows");
        }
        MaskedScores scores = MaskedScores.of(softmax.get().input(0), graph);
        if (scores.mask().isEmpty()) {
            return graph.refuse(
                    node,
                    "the scores " + softmax.get().input(0).name()
                            + " are not masked by an input with one value a token");
        }
        return attention(node, scores, values.get(), graph);
    }

    private static Optional<Replacement> attention(Node node, MaskedScores scores, Value values, Rewriting graph) {
        Scaled product = Scaled.strip(scores.scores(), graph);
        Optional<Node> matMul = graph.producer(product.value(), Op.MatMul.class);
        if (matMul.isEmpty()) {
            return graph.refuse(node, "the scores " + product.value().name() + " are no product of queries and keys");
        }
        Scaled queries = Scaled.strip(matMul.get().input(0), graph);
        Scaled keys = Scaled.strip(matMul.get().input(1), graph);
        Optional<Value> queryRows = heads(queries.value(), HEADS_OUT, graph);
        Optional<Value> keyRows = keyRows(keys, graph);
        if (queryRows.isEmpty() || keyRows.isEmpty()) {
            return graph.refuse(node, "the queries or keys of " + matMul.get().name() + " are not heads of rows");
        }
        Shape shape = matMul.get().input(0).shape();
        int heads = Math.toIntExact(shape.dim(1).value());
        int size = Math.toIntExact(shape.dim(3).value());
        double scale = product.factor()
                * queries.factor()
                * Scaled.strip(keys.value(), graph).factor()
                * keys.factor();
        double inner = transposed(keys.value(), LAST_TWO, graph)
                .map(value -> Scaled.strip(value, graph).factor())
                .orElse(1.0);
        Value merged = graph.addNode(node.name() + ".merged", new Op.Concat(2), queryRows.get(), keyRows.get(), values);
        return Optional.of(Replacement.of(
                new Op.Attention(heads, size, exactRoot(scale * inner, size), DType.F32),
                merged,
                scores.mask().get()));
    }

    /** 1/√d as f32 rounds it in many ways; the nearby exact number makes all of them one. */
    private static double exactRoot(double scale, int headSize) {
        double exact = 1 / Math.sqrt(headSize);
        return Math.abs(scale - exact) <= 1e-6 * exact ? exact : scale;
    }

    private static Optional<Node> softmax(Value value, Rewriting graph) {
        return graph.producer(NanGuard.strip(value, graph), Op.Softmax.class)
                .filter(node -> ((Op.Softmax) node.op()).axis() == 3);
    }

    private static Optional<Value> transposed(Value value, List<Integer> permutation, Rewriting graph) {
        return graph.producer(value, Op.Transpose.class)
                .filter(node -> ((Op.Transpose) node.op()).permutation().equals(permutation))
                .map(node -> node.input(0));
    }

    /** The rows [b, s, h·d] whose heads a value [b, h, s, d] (or another order of its axes) holds. */
    private static Optional<Value> heads(Value value, List<Integer> permutation, Rewriting graph) {
        return transposed(value, permutation, graph)
                .flatMap(heads -> graph.producer(heads, Op.Reshape.class))
                .map(node -> node.input(0))
                .filter(rows -> rows.shape().rank() == 3)
                .filter(rows -> {
                    Shape split = value.shape();
                    return split.rank() == 4 && rows.shape().last().isFixed() && splitsRows(rows, split, permutation);
                });
    }

    private static boolean splitsRows(Value rows, Shape heads, List<Integer> permutation) {
        Dim count = heads.dim(permutation.indexOf(2));
        Dim size = heads.dim(permutation.indexOf(3));
        return heads.dim(permutation.indexOf(0)).equals(rows.shape().dim(0))
                && heads.dim(permutation.indexOf(1)).equals(rows.shape().dim(1))
                && count.times(size).equals(rows.shape().last());
    }

    /** Keys come as [b, h, d, s]: by one transposition from [b, s, h, d], or by two. */
    private static Optional<Value> keyRows(Scaled keys, Rewriting graph) {
        Optional<Value> direct = heads(keys.value(), KEYS_OUT, graph);
        return direct.isPresent()
                ? direct
                : transposed(keys.value(), LAST_TWO, graph)
                        .map(value -> Scaled.strip(value, graph).value())
                        .flatMap(value -> heads(value, HEADS_OUT, graph));
    }

    /** A value without the numbers that it is multiplied or divided by. */
    private record Scaled(Value value, double factor) {
        static Scaled strip(Value value, Rewriting graph) {
            Value current = value;
            double factor = 1;
            while (true) {
                Optional<Node> node = graph.producer(current, Op.Binary.class);
                if (node.isEmpty()) {
                    return new Scaled(current, factor);
                }
                Op.BinaryFunction function = ((Op.Binary) node.get().op()).function();
                OptionalDouble left = graph.scalar(node.get().input(0));
                OptionalDouble right = graph.scalar(node.get().input(1));
                if (function == Op.BinaryFunction.MULTIPLY && left.isPresent()) {
                    factor *= left.getAsDouble();
                    current = node.get().input(1);
                } else if (function == Op.BinaryFunction.MULTIPLY && right.isPresent()) {
                    factor *= right.getAsDouble();
                    current = node.get().input(0);
                } else if (function == Op.BinaryFunction.DIVIDE && right.isPresent()) {
                    factor /= right.getAsDouble();
                    current = node.get().input(0);
                } else {
                    return new Scaled(current, factor);
                }
            }
        }
    }
}
