package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import java.util.List;

/** {@code MatMul(x, W) + bias} becomes {@code Gemm(x, W, bias)}, where both are matrices and each column has a bias. */
final class FuseGemm implements Fusion {
    @Override
    public String name() {
        return "Gemm";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return node.is("Add")
                && node.inputs().stream().anyMatch(look::isConstant)
                && node.inputs().stream()
                        .anyMatch(operand -> look.maker(operand)
                                .filter(product -> product.is("MatMul") && isMatrix(product.input(0), look))
                                .isPresent());
    }

    private static boolean isMatrix(String value, Look look) {
        return look.values().shape(value).filter(shape -> shape.size() == 2).isPresent();
    }

    @Override
    public void fuse(EditableNode node, Look look) {
        int bias = look.vectorOperand(node);
        EditableNode product = look.onlyMaker(node.input(1 - bias), "MatMul");
        Mismatch.unless(isMatrix(product.input(1), look), product.input(1) + " is no matrix");
        boolean floats = look.model()
                .constant(node.input(bias))
                .filter(tensor -> tensor.type() == DType.F32)
                .isPresent();
        Mismatch.unless(floats, node.input(bias) + " is not f32");
        look.instead(node, "Gemm", List.of(product.input(0), product.input(1), node.input(bias)));
    }
}
