package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import dev.hone.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Ids of positions.
 *
 * @param counted whether they are 0, 1, 2 and so on in every sequence
 */
record TokenPositions(boolean counted) {
    /** @param tokens the batch and the number of tokens in each sequence */
    static TokenPositions of(String ids, List<Amount> tokens, Look look) {
        List<Amount> shape = look.shape(ids);
        boolean each = shape.equals(tokens);
        boolean shared = shape.equals(List.of(Amount.ONE, tokens.get(1)));
        boolean flat = shape.equals(List.of(tokens.get(1)));
        if ((shared || flat) && isCounted(ids, tokens.get(1), look)) {
            return new TokenPositions(true);
        }
        Mismatch.unless(
                each || shared,
                "the positions " + ids + " have the shape " + shape + ", which the fused operator does not read");
        return new TokenPositions(false);
    }

    /** A prefix of a constant that counts, or a range from 0, of as many elements as there are tokens. */
    private static boolean isCounted(String ids, Amount count, Look look) {
        Optional<EditableNode> found = look.maker(ids);
        if (found.isEmpty()) {
            return false;
        }
        EditableNode node = found.get();
        return switch (node.operator()) {
            case "Slice" ->
                look.model()
                        .constant(node.input(0))
                        .filter(TokenPositions::counts)
                        .flatMap(table -> SliceBounds.of(node, look.values())
                                .filter(bounds -> bounds.isPrefix(table.rank() - 1, table.rank(), count)))
                        .isPresent();
            case "Unsqueeze", "Reshape", "Cast" -> isCounted(node.input(0), count, look);
            case "Range" -> look.values().shape(node.output()).equals(Optional.of(List.of(count)));
            default -> false;
        };
    }

    private static boolean counts(Tensor tensor) {
        boolean oneRow = tensor.rank() == 1
                || (tensor.rank() == 2 && tensor.shape().dim(0).is(1));
        if (tensor.type().isFloat() || !oneRow) {
            return false;
        }
        long[] all = tensor.toLongArray();
        return IntStream.range(0, all.length).allMatch(place -> all[place] == place);
    }

    /** The row that all ids choose, where it is the same: of a table of one row, or by constants that are all alike. */
    static Optional<Long> same(String ids, long rows, Look look) {
        if (rows == 1) {
            return Optional.of(0L);
        }
        Optional<Tensor> constant =
                look.model().constant(ids).filter(tensor -> !tensor.type().isFloat());
        if (constant.isPresent()) {
            long[] all = constant.get().toLongArray();
            boolean alike = all.length > 0
                    && IntStream.range(0, all.length).allMatch(place -> all[place] == all[0])
                    && all[0] >= 0
                    && all[0] < rows;
            return alike ? Optional.of(all[0]) : Optional.empty();
        }
        return look.maker(ids)
                .filter(node -> Look.isOneOf(node, "Slice", "Expand", "Unsqueeze", "Reshape", "Cast", "Identity"))
                .flatMap(node -> same(node.input(0), rows, look));
    }
}
