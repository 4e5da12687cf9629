package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.List;

/**
 * A {@code Reshape} to a computed shape becomes one to a constant: extents that are numbers stand as such, those that
 * the operand has at the same place are 0, and one other may be -1. A reshape of a reshape reads the first operand.
 */
final class FuseReshape implements Fusion {
    @Override
    public String name() {
        return "ReshapeFusion";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return node.is("Reshape")
                && (!look.isConstant(node.input(1))
                        || look.maker(node.input(0))
                                .filter(inner -> inner.is("Reshape"))
                                .isPresent());
    }

    @Override
    public void fuse(EditableNode node, Look look) {
        Mismatch.unless(node.integer("allowzero").orElse(0) == 0, node + " takes 0 for an extent of 0");
        String root = node.input(0);
        while (look.maker(root).filter(inner -> inner.is("Reshape")).isPresent()) {
            root = look.maker(root, "Reshape").input(0);
        }
        long[] target = target(look.shape(node.output()), look.shape(root), node);
        look.model().changeInput(node, 0, root);
        look.model()
                .changeInput(
                        node,
                        1,
                        look.model()
                                .addConstant(
                                        node.output() + "_shape", Tensor.ofLongs(Shape.of(target.length), target)));
    }

    private static long[] target(List<Amount> wanted, List<Amount> source, EditableNode node) {
        long[] target = new long[wanted.size()];
        boolean open = false;
        for (int axis = 0; axis < target.length; axis++) {
            Amount extent = wanted.get(axis);
            if (extent.isFixed() && extent.factor() > 0) {
                target[axis] = extent.factor();
            } else if (axis < source.size() && extent.equals(source.get(axis))) {
                target[axis] = 0;
            } else {
                Mismatch.unless(
                        !open,
                        node + " makes " + wanted + " of " + source + ", where two extents are neither fixed nor kept");
                target[axis] = -1;
                open = true;
            }
        }
        return target;
    }
}
