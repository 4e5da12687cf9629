package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Projected rows as operands of {@code MultiHeadAttention}, which adds their biases itself. */
final class SeparateProjections {
    private SeparateProjections() {}

    /** Rows before their bias is added, and that bias where there is one. */
    private record Rows(String value, Optional<Tensor> bias) {}

    /**
     * Rows of queries, keys and values, and their biases behind one another; the empty name where none has one.
     *
     * @param projections of queries, keys and values
     */
    static List<String> of(List<Projection> projections, Look look) {
        List<Rows> rows = projections.stream()
                .map(projection -> withoutBias(projection.rows(), look))
                .toList();
        List<String> operands = new ArrayList<>(rows.stream().map(Rows::value).toList());
        if (rows.stream().allMatch(each -> each.bias().isEmpty())) {
            operands.add("");
            return operands;
        }
        List<Tensor> biases = new ArrayList<>();
        for (int place = 0; place < rows.size(); place++) {
            int width = projections.get(place).width();
            biases.add(rows.get(place).bias().orElseGet(() -> Tensor.ofFloats(Shape.of(width), new float[width])));
        }
        operands.add(look.model().addConstant(operands.getFirst() + "_bias", Tensor.concatenate(0, biases)));
        return operands;
    }

    private static Rows withoutBias(String rows, Look look) {
        try {
            EditableNode sum = look.onlyMaker(rows, "Add");
            int place = look.vectorOperand(sum);
            Optional<Tensor> bias =
                    look.model().constant(sum.input(place)).filter(tensor -> tensor.type() == DType.F32);
            return bias.isPresent() ? new Rows(sum.input(1 - place), bias) : new Rows(rows, Optional.empty());
        } catch (Mismatch _) {
            return new Rows(rows, Optional.empty());
        }
    }
}
