package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The weights of queries, keys and values side by side, as {@code Attention} reads them. */
final class PackedProjections {
    private PackedProjections() {}

    /**
     * The rows that are projected, the weights and the bias; empty where the three do not read the same rows by
     * constant weights, so that another operator must take the projected rows as they are.
     *
     * @param projections of queries, keys and values
     */
    static Optional<List<String>> of(List<Projection> projections, Look look) {
        try {
            boolean split = look.maker(projections.getFirst().rows())
                    .filter(node -> node.is("Split"))
                    .isPresent();
            return split ? Optional.of(together(projections, look)) : apart(projections, look);
        } catch (Mismatch _) {
            return Optional.empty();
        }
    }

    /** One linear layer whose columns are split. */
    private static List<String> together(List<Projection> projections, Look look) {
        EditableNode split = look.maker(projections.getFirst().rows(), "Split");
        List<String> parts = projections.stream().map(Projection::rows).toList();
        Mismatch.unless(split.outputs().equals(parts), split + " makes something else than queries, keys and values");
        parts.forEach(look::requireReadOnce);
        long axis = split.integer("axis").orElse(0);
        Mismatch.unless(axis == 2 || axis == -1, split + " splits along axis " + axis);
        int columns = projections.stream().mapToInt(Projection::width).sum();
        Projection.Linear layer = Projection.linear(split.input(0), columns, look);
        String bias = layer.bias().orElseGet(() -> look.model().addConstant(layer.weight() + "_bias", zeros(columns)));
        return List.of(layer.input(), layer.weight(), bias);
    }

    private static Optional<List<String>> apart(List<Projection> projections, Look look) {
        List<Projection.Linear> layers = projections.stream()
                .map(projection -> Projection.linear(projection.rows(), projection.width(), look))
                .toList();
        if (new HashSet<>(layers.stream().map(Projection.Linear::input).toList()).size() != 1) {
            return Optional.empty();
        }
        List<Tensor> weights =
                layers.stream().map(layer -> constant(layer.weight(), look)).toList();
        List<Tensor> biases = layers.stream()
                .map(layer -> layer.bias()
                        .map(name -> constant(name, look))
                        .orElseGet(() -> zeros(
                                constant(layer.weight(), look).shape().last().value())))
                .toList();
        String stem = layers.getFirst().weight();
        String weight = look.model().addConstant(stem + "_qkv", Tensor.concatenate(1, weights));
        String bias = look.model().addConstant(stem + "_qkv_bias", Tensor.concatenate(0, biases));
        return Optional.of(List.of(layers.getFirst().input(), weight, bias));
    }

    private static Tensor constant(String name, Look look) {
        return look.model().constant(name).orElseThrow();
    }

    private static Tensor zeros(long count) {
        return Tensor.ofFloats(Shape.of(count), new float[Math.toIntExact(count)]);
    }
}
