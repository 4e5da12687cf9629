package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import java.util.List;

/**
 * {@code Gelu(x + bias)} becomes {@code BiasGelu(x, bias)}, and {@code FastGelu(x + bias)} becomes
 * {@code FastGelu(x, bias)}.
 */
final class FuseBiasGelu implements Fusion {
    private static final String GELU = EditableNode.MICROSOFT + ".Gelu";
    private static final String FAST_GELU = EditableNode.MICROSOFT + ".FastGelu";

    @Override
    public String name() {
        return "BiasGelu";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return Look.isOneOf(node, GELU, FAST_GELU) && node.inputs().size() == 1;
    }

    @Override
    public void fuse(EditableNode node, Look look) {
        EditableNode sum = look.onlyMaker(node.input(0), "Add");
        int bias = look.vectorOperand(sum);
        String operator =
                node.qualifiedOperator().equals(GELU) ? EditableNode.MICROSOFT + ".BiasGelu" : node.qualifiedOperator();
        look.instead(node, operator, List.of(sum.input(1 - bias), sum.input(bias)));
    }
}
