package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableNode;
import java.util.List;

/**
 * {@code LayerNormalization(a + b)} becomes {@code SkipLayerNormalization(a, b)}, when both are rows of one shape; a
 * sum that others read too is the fused node's fourth result.
 */
final class FuseSkipLayerNormalization implements Fusion {
    static final String OPERATOR = EditableNode.MICROSOFT + ".SkipLayerNormalization";
    private static final float USUAL_EPSILON = 1e-5f;

    @Override
    public String name() {
        return "SkipLayerNormalization";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return node.is("LayerNormalization")
                && look.maker(node.input(0)).filter(sum -> sum.is("Add")).isPresent();
    }

    @Override
    public void fuse(EditableNode node, Look look) {
        EditableNode sum = look.maker(node.input(0), "Add");
        String first = sum.input(0);
        String second = sum.input(1);
        Mismatch.unless(!look.isConstant(first) && !look.isConstant(second), sum + " adds a constant");
        List<Amount> shape = look.shape(first);
        Mismatch.unless(
                shape.equals(look.shape(second)),
                sum + " adds " + look.shape(second) + " to " + shape + ", which the fused operator does not spread");
        Mismatch.unless(shape.size() == 3, sum + " adds values of " + shape.size() + " axes, where 3 belong");
        requireRowsOfWidth(node, shape.getLast(), look);
        Mismatch.unless(node.outputs().size() == 1, node + " gives the mean or deviation too");
        boolean shared =
                look.model().readers(sum.output()).size() > 1 || look.model().isOutput(sum.output());
        List<String> inputs = List.of(first, second, node.input(1), node.input(2));
        if (shared) {
            look.model().remove(sum);
        }
        List<String> outputs = shared ? List.of(node.output(), "", "", sum.output()) : List.of(node.output());
        look.instead(node, OPERATOR, inputs, outputs)
                .set(Attributes.real("epsilon", node.real("epsilon", USUAL_EPSILON)));
    }

    private static void requireRowsOfWidth(EditableNode node, Amount width, Look look) {
        long axis = node.integer("axis").orElse(-1);
        Mismatch.unless(axis == -1 || axis == 2, node + " normalises from axis " + axis);
        Mismatch.unless(node.inputs().size() == 3, node + " has no bias");
        for (int operand = 1; operand <= 2; operand++) {
            List<Amount> vector = look.shape(node.input(operand));
            Mismatch.unless(
                    vector.size() == 1 && vector.getFirst().equals(width),
                    node.input(operand) + " has the shape " + vector + " beside rows of " + width);
        }
    }
}
