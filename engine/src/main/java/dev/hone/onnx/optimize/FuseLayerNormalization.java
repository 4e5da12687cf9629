package dev.hone.onnx.optimize;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * {@code d = x - mean(x); d / sqrt(mean(d²) + epsilon) * scale + bias}, the means over the last axis, becomes
 * {@code LayerNormalization(x, scale, bias)}. Begins at the mean of the squares.
 */
final class FuseLayerNormalization implements Fusion {
    private static final float LARGEST_EPSILON = 1e-2f;

    @Override
    public String name() {
        return "LayerNormalization";
    }

    @Override
    public boolean beginsAt(EditableNode node, Look look) {
        return node.is("ReduceMean")
                && look.maker(node.input(0))
                        .filter(square -> isSquare(square, look))
                        .isPresent();
    }

    private static boolean isSquare(EditableNode node, Look look) {
        boolean twice = node.is("Mul") && node.input(0).equals(node.input(1));
        return twice || (node.is("Pow") && look.number(node.input(1)).orElse(0) == 2);
    }

    @Override
    public void fuse(EditableNode variance, Look look) {
        look.requireReadOnce(variance.input(0));
        String centred = look.maker(variance.input(0), "Pow", "Mul").input(0);
        EditableNode difference = look.maker(centred, "Sub");
        String rows = difference.input(0);
        EditableNode mean = look.maker(difference.input(1), "ReduceMean");
        Mismatch.unless(mean.input(0).equals(rows), mean + " takes the mean of something else than " + rows);
        requireLastAxis(mean, rows, look);
        requireLastAxis(variance, rows, look);
        EditableNode shifted = look.onlyReader(variance.output(), "Add");
        double epsilon = look.number(Look.beside(shifted, variance.output()))
                .orElseThrow(() -> new Mismatch("no constant epsilon is added by " + shifted));
        Mismatch.unless(epsilon >= 0 && epsilon < LARGEST_EPSILON, "epsilon is " + epsilon);
        EditableNode deviation = look.onlyReader(shifted.output(), "Sqrt");
        EditableNode normal = look.onlyReader(deviation.output(), "Div");
        Mismatch.unless(normal.input(1).equals(deviation.output()), normal + " divides by something else");
        requireSameDifference(normal.input(0), difference, look);
        EditableNode scaled = look.onlyReader(normal.output(), "Mul");
        EditableNode biased = look.onlyReader(scaled.output(), "Add");
        String scale = vector(Look.beside(scaled, normal.output()), rows, look);
        String bias = vector(Look.beside(biased, scaled.output()), rows, look);
        look.instead(biased, "LayerNormalization", List.of(rows, scale, bias))
                .set(Attributes.integer("axis", -1))
                .set(Attributes.real("epsilon", epsilon));
    }

    /** Some exporters subtract twice, once for the squares and once for the quotient. */
    private static void requireSameDifference(String value, EditableNode difference, Look look) {
        if (!value.equals(difference.output())) {
            EditableNode other = look.maker(value, "Sub");
            Mismatch.unless(
                    other.inputs().equals(difference.inputs()), other + " does not subtract the mean from the rows");
        }
    }

    private static void requireLastAxis(EditableNode mean, String rows, Look look) {
        Mismatch.unless(mean.integer("keepdims").orElse(1) == 1, mean + " drops the axis");
        Optional<long[]> axes = ShapeArithmetic.axes(mean, look.values());
        boolean last = axes.filter(all -> all.length == 1
                        && (all[0] == -1 || all[0] == look.shape(rows).size() - 1))
                .isPresent();
        Mismatch.unless(last, mean + " is not taken over the last axis");
    }

    private static String vector(String value, String rows, Look look) {
        Tensor constant = look.model().constant(value).orElseThrow(() -> new Mismatch(value + " is no constant"));
        Amount width = look.width(rows);
        Mismatch.unless(
                constant.type() == DType.F32, value + " is " + constant.type().text());
        Mismatch.unless(
                constant.rank() == 1 && width.is(constant.elementCount()),
                value + " has the shape " + constant.shape() + " beside rows of " + width);
        return value;
    }
}
