package dev.hone.onnx.quantize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.util.Optional;

/** What a node {@code Gemm} is beside {@code x · W + b}. */
final class GemmShape {
    private GemmShape() {}

    /** Why a node is not {@code x · W + b} with a constant W. */
    static Optional<String> refusal(EditableModel model, EditableNode node) {
        if (node.real("alpha", 1) != 1 || node.real("beta", 1) != 1) {
            return Optional.of("its product or its bias has a factor");
        }
        if (node.integer("transA").orElse(0) != 0) {
            return Optional.of("its first operand is transposed");
        }
        return model.constant(node.input(0)).isPresent()
                ? Optional.of("its first operand is a constant")
                : Optional.empty();
    }

    static boolean transposesWeight(EditableNode node) {
        return node.integer("transB").orElse(0) != 0;
    }
}
