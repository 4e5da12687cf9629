package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A token type that is the same for every token becomes part of each position, as in RoBERTa, whose table has one row.
 *
 * <pre>
 * embedding(ids, t t t …, words, positions, types, γ, β)  →  embedding(ids, words, positions + types[t], γ, β)
 * </pre>
 */
public final class FoldTokenTypes implements RewriteRule {
    private static final int WITH_TYPES = 7;
    private static final long MOST_IDS = 1 << 16;

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        if (!(node.op() instanceof Op.Embedding) || node.inputs().size() != WITH_TYPES) {
            return Optional.empty();
        }
        Optional<Tensor> positions = graph.constant(node.input(3));
        Optional<Tensor> types = graph.constant(node.input(4));
        if (positions.isEmpty() || types.isEmpty()) {
            return graph.refuse(node, "its tables are no constants");
        }
        OptionalInt row = types.get().shape().dim(0).is(1) ? OptionalInt.of(0) : onlyType(node.input(1), graph);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        if (row.getAsInt() < 0 || row.getAsInt() >= types.get().shape().dim(0).value()) {
            return graph.refuse(node, "the type " + row.getAsInt() + " is outside the table " + node.input(4));
        }
        Value sum =
                graph.addConstant(node.input(3).name() + ".typed", sum(positions.get(), types.get(), row.getAsInt()));
        List<Value> in = node.inputs();
        return Optional.of(Replacement.of(node.op(), in.get(0), in.get(2), sum, in.get(5), in.get(6)));
    }

    /** The number that every token has as its type. */
    private static OptionalInt onlyType(Value types, Rewriting graph) {
        Optional<Tensor> constant = graph.constant(types);
        if (constant.isPresent()) {
            return uniform(constant.get());
        }
        Optional<Node> producer = graph.producer(types).filter(FoldTokenTypes::picksElements);
        return producer.isEmpty()
                ? OptionalInt.empty()
                : onlyType(producer.get().input(0), graph);
    }

    private static boolean picksElements(Node node) {
        return switch (node.op()) {
            case Op.Expand _, Op.Reshape _, Op.Slice _, Op.Cast _, Op.Transpose _, Op.Gather _ -> true;
            default -> false;
        };
    }

    private static OptionalInt uniform(Tensor tensor) {
        if (tensor.type().isFloat() || tensor.elementCount() == 0 || tensor.elementCount() > MOST_IDS) {
            return OptionalInt.empty();
        }
        long[] ids = tensor.toLongArray();
        boolean same = Arrays.stream(ids).allMatch(id -> id == ids[0]) && (int) ids[0] == ids[0];
        return same ? OptionalInt.of((int) ids[0]) : OptionalInt.empty();
    }

    private static Tensor sum(Tensor positions, Tensor types, int row) {
        float[] sums = positions.toFloatArray();
        int width = Math.toIntExact(types.shape().dim(1).value());
        float[] type = new float[width];
        types.readLine(1, new long[] {row, 0}, type, width);
        for (int index = 0; index < sums.length; index++) {
            sums[index] += type[index % width];
        }
        return Tensor.ofFloats(positions.shape(), sums);
    }
}
