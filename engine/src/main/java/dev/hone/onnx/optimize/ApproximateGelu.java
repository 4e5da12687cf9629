package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;

/** {@code Gelu} and {@code BiasGelu} become {@code FastGelu}, whose answers differ slightly: only where asked for. */
final class ApproximateGelu implements Fusion {
    @Override
    public String name() {
        return "GeluApproximation";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return Look.isOneOf(node, EditableNode.MICROSOFT + ".Gelu", EditableNode.MICROSOFT + ".BiasGelu");
    }

    @Override
    public void fuse(EditableNode node, Look look) {
        look.instead(node, EditableNode.MICROSOFT + ".FastGelu", node.inputs());
    }
}
