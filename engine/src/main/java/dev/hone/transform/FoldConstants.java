package dev.hone.transform;

import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known before the model runs, without a copy of a matrix.
 *
 * <pre>
 * transpose(constant matrix)                     →  the same memory seen the other way round
 * concat(constants)                              →  the constants seen end to end
 * expand(number) to a vector of up to 65536      →  a constant vector, as biases and gains are
 * </pre>
 */
public final class FoldConstants implements RewriteRule {
    private static final List<Integer> SWAP = List.of(1, 0);
    private static final long LONGEST = 1 << 16;

    @Override
    public Optional<Replacement> rewrite(Node node, Rewriting graph) {
        return switch (node.op()) {
            case Op.Transpose transpose
            when transpose.permutation().equals(SWAP) ->
                graph.constant(node.input(0))
                        .map(Tensor::transposed)
                        .map(tensor ->
                                Replacement.by(graph.addConstant(node.input(0).name() + ".transposed", tensor)));
            case Op.Concat concat
            when node.inputs().stream().allMatch(graph::isConstant) ->
                Optional.of(Replacement.by(graph.addConstant(node.name() + ".joined", joined(concat, node, graph))));
            case Op.Expand _ when isVector(node.output()) -> repeated(node, graph);
            default -> Optional.empty();
        };
    }

    private static Tensor joined(Op.Concat concat, Node node, Rewriting graph) {
        return Tensor.concatenate(
                concat.axis(),
                node.inputs().stream()
                        .map(input -> graph.constant(input).orElseThrow())
                        .toList());
    }

    private static boolean isVector(Value value) {
        Shape shape = value.shape();
        return value.type() == DType.F32
                && shape.rank() == 1
                && shape.isFixed()
                && shape.last().value() <= LONGEST;
    }

    private static Optional<Replacement> repeated(Node node, Rewriting graph) {
        OptionalDouble number = graph.scalar(node.input(0));
        if (number.isEmpty()) {
            return Optional.empty();
        }
        float[] numbers = new float[Math.toIntExact(node.output().shape().last().value())];
        Arrays.fill(numbers, (float) number.getAsDouble());
        Tensor vector = Tensor.ofFloats(node.output().shape(), numbers);
        return Optional.of(Replacement.by(graph.addConstant(node.name() + ".repeated", vector)));
    }
}
