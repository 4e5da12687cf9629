package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Rows that were split into heads, traced back from their place in a matrix product of attention.
 *
 * @param rows the value that is split, {@code [batch, tokens, heads * size]}, with its bias
 * @param factor what the heads were multiplied with on the way
 */
record Projection(String rows, int heads, int size, double factor) {
    private static final List<Long> HEADS_FIRST = List.of(0L, 2L, 1L, 3L);
    private static final List<Long> HEADS_FIRST_TURNED = List.of(0L, 2L, 3L, 1L);
    private static final List<Long> TURNED = List.of(0L, 1L, 3L, 2L);

    /**
     * Traces heads back.
     *
     * @param turned whether the heads' rows are wanted as columns, as keys are
     */
    static Projection of(String value, boolean turned, Look look) {
        Scaled outer = Scaled.of(value, look);
        EditableNode transpose = look.onlyMaker(outer.value(), "Transpose");
        List<Long> permutation = transpose.integers("perm");
        String split = transpose.input(0);
        double factor = outer.factor();
        if (turned && permutation.equals(TURNED)) {
            Scaled between = Scaled.of(split, look);
            EditableNode inner = look.onlyMaker(between.value(), "Transpose");
            Mismatch.unless(inner.integers("perm").equals(HEADS_FIRST), inner + " does not put the heads first");
            split = inner.input(0);
            factor *= between.factor();
        } else {
            Mismatch.unless(
                    permutation.equals(turned ? HEADS_FIRST_TURNED : HEADS_FIRST),
                    transpose + " permutes by " + permutation);
        }
        return ofSplit(look.onlyMaker(split, "Reshape"), factor, look);
    }

    private static Projection ofSplit(EditableNode reshape, double factor, Look look) {
        Scaled before = Scaled.of(reshape.input(0), look);
        List<Amount> heads = look.shape(reshape.output());
        List<Amount> rows = look.shape(before.value());
        boolean splits = rows.size() == 3
                && heads.size() == 4
                && heads.subList(0, 2).equals(rows.subList(0, 2))
                && heads.get(2).isFixed()
                && heads.get(3).isFixed()
                && rows.get(2).equals(heads.get(2).times(heads.get(3)));
        Mismatch.unless(splits, reshape + " makes " + heads + " of " + rows + ", which splits no heads");
        return new Projection(
                before.value(), (int) heads.get(2).factor(), (int) heads.get(3).factor(), factor * before.factor());
    }

    int width() {
        return heads * size;
    }

    /**
     * What makes the rows: a product of other rows with constant weights, and a bias.
     *
     * @param bias empty where there is none
     */
    record Linear(String input, String weight, Optional<String> bias) {}

    /** The linear layer that makes rows of so many columns, which nobody else reads. */
    static Linear linear(String rows, int columns, Look look) {
        EditableNode last = look.onlyMaker(rows, "Add", "MatMul");
        Optional<String> bias = Optional.empty();
        EditableNode product = last;
        if (last.is("Add")) {
            int place = look.vectorOperand(last);
            bias = Optional.of(last.input(place));
            product = look.onlyMaker(last.input(1 - place), "MatMul");
            requireFloats(bias.get(), look);
        }
        String weight = product.input(1);
        Tensor matrix = requireFloats(weight, look);
        Mismatch.unless(
                matrix.rank() == 2 && matrix.shape().last().is(columns),
                weight + " has the shape " + matrix.shape() + ", where " + columns + " columns belong");
        return new Linear(product.input(0), weight, bias);
    }

    private static Tensor requireFloats(String value, Look look) {
        Tensor tensor = look.model().constant(value).orElseThrow(() -> new Mismatch(value + " is no constant"));
        Mismatch.unless(
                tensor.type() == DType.F32, value + " is " + tensor.type().text());
        return tensor;
    }

    /** A value without the factors that multiply it. */
    record Scaled(String value, double factor) {
        static Scaled of(String value, Look look) {
            String at = value;
            double factor = 1;
            while (true) {
                Optional<EditableNode> node = look.maker(at).filter(maker -> Look.isOneOf(maker, "Mul", "Div"));
                if (node.isEmpty()) {
                    return new Scaled(at, factor);
                }
                int place =
                        node.get().is("Mul") && look.number(node.get().input(0)).isPresent() ? 0 : 1;
                String number = node.get().input(place);
                String rest = node.get().input(1 - place);
                if (!look.isPlainNumber(number, rest)) {
                    return new Scaled(at, factor);
                }
                look.requireReadOnce(at);
                double by = look.number(number).orElse(1);
                factor = node.get().is("Mul") ? factor * by : factor / by;
                at = rest;
            }
        }
    }
}
