package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import java.util.Optional;

/**
 * Scores of attention, traced back from the softmax: the product of queries and keys, what it is multiplied with, and
 * how padding is hidden.
 *
 * @param raw the product
 * @param added a value added to the scores
 * @param chosen where this is true, {@link #filling} stands in place of the score, or the other way round
 */
record Scores(
        String raw,
        double factor,
        Optional<String> added,
        Optional<String> chosen,
        boolean fillsWhereTrue,
        double filling) {

    static Scores of(String value, Look look) {
        EditableNode node = look.maker(value, "Add", "Where", "Mul", "Div", "MatMul");
        return switch (node.operator()) {
            case "Add" -> added(node, look);
            case "Where" -> chosen(node, look);
            default -> {
                Projection.Scaled scaled = Projection.Scaled.of(value, look);
                yield new Scores(scaled.value(), scaled.factor(), Optional.empty(), Optional.empty(), false, 0);
            }
        };
    }

    private static Scores added(EditableNode sum, Look look) {
        for (int side = 0; side < 2; side++) {
            Projection.Scaled scaled = Projection.Scaled.of(sum.input(side), look);
            boolean product =
                    look.maker(scaled.value()).filter(node -> node.is("MatMul")).isPresent();
            if (product) {
                look.requireReadOnce(sum.input(side));
                return new Scores(
                        scaled.value(), scaled.factor(), Optional.of(sum.input(1 - side)), Optional.empty(), false, 0);
            }
        }
        throw new Mismatch("neither operand of " + sum + " is a scaled MatMul");
    }

    private static Scores chosen(EditableNode choice, Look look) {
        boolean fillsWhereTrue = look.number(choice.input(1)).isPresent();
        String filling = choice.input(fillsWhereTrue ? 1 : 2);
        double number =
                look.number(filling).orElseThrow(() -> new Mismatch("neither operand of " + choice + " is a number"));
        Projection.Scaled scaled = Projection.Scaled.of(choice.input(fillsWhereTrue ? 2 : 1), look);
        return new Scores(
                scaled.value(),
                scaled.factor(),
                Optional.empty(),
                Optional.of(choice.input(0)),
                fillsWhereTrue,
                number);
    }
}
