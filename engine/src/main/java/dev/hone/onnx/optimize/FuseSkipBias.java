package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableNode;
import java.util.List;

/** {@code SkipLayerNormalization(a + bias, b)} becomes {@code SkipLayerNormalization(a, b, bias)}. */
final class FuseSkipBias implements Fusion {
    @Override
    public String name() {
        return "BiasSkipLayerNormalization";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return node.qualifiedOperator().equals(FuseSkipLayerNormalization.OPERATOR)
                && node.inputs().size() == 4
                && (isBiased(node.input(0), look) || isBiased(node.input(1), look));
    }

    private static boolean isBiased(String value, Look look) {
        return look.maker(value)
                .filter(sum -> sum.is("Add") && sum.inputs().stream().anyMatch(look::isConstant))
                .isPresent();
    }

    @Override
    public void fuse(EditableNode node, Look look) {
        int side = isBiased(node.input(0), look) ? 0 : 1;
        EditableNode sum = look.onlyMaker(node.input(side), "Add");
        int bias = look.vectorOperand(sum);
        List<String> inputs =
                List.of(sum.input(1 - bias), node.input(1 - side), node.input(2), node.input(3), sum.input(bias));
        look.instead(node, FuseSkipLayerNormalization.OPERATOR, inputs, node.outputs())
                .set(Attributes.real("epsilon", node.real("epsilon", 1e-5f)));
    }
}
