package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What a {@code Slice} takes, where each of its steps is 1.
 *
 * @param ends may be symbolic
 */
record SliceBounds(List<Long> axes, List<Amount> starts, List<Amount> ends) {
    static Optional<SliceBounds> of(EditableNode node, Values values) {
        if (node.inputs().size() == 1) {
            List<Amount> starts =
                    node.integers("starts").stream().map(Amount::of).toList();
            List<Amount> ends = node.integers("ends").stream().map(Amount::of).toList();
            List<Long> axes = node.integers("axes");
            List<Long> places = axes.isEmpty() ? counted(starts.size()) : axes;
            return Optional.of(new SliceBounds(places, starts, ends));
        }
        Optional<List<Amount>> starts = values.elements(node.input(1));
        Optional<List<Amount>> ends = values.elements(node.input(2));
        boolean steps = node.input(4).isEmpty()
                || values.numbers(node.input(4))
                        .filter(all -> Arrays.stream(all).allMatch(step -> step == 1))
                        .isPresent();
        if (starts.isEmpty() || ends.isEmpty() || !steps) {
            return Optional.empty();
        }
        Optional<List<Long>> axes = node.input(3).isEmpty()
                ? Optional.of(counted(starts.get().size()))
                : values.numbers(node.input(3))
                        .map(all -> Arrays.stream(all).boxed().toList());
        return axes.map(places -> new SliceBounds(places, starts.get(), ends.get()));
    }

    private static List<Long> counted(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    /** The slice of a list of which all is told. */
    Optional<List<Amount>> of(List<Amount> list) {
        if (axes.size() != 1
                || axes.getFirst() > 0
                || !starts.getFirst().isFixed()
                || !ends.getFirst().isFixed()) {
            return Optional.empty();
        }
        int first = place(starts.getFirst().factor(), list.size());
        int last = place(ends.getFirst().factor(), list.size());
        return Optional.of(first < last ? list.subList(first, last) : List.of());
    }

    private static int place(long index, long size) {
        return (int) Math.clamp(index < 0 ? index + size : index, 0, size);
    }

    /** The shape of a slice; an extent that cannot be told is a symbol that names the value. */
    List<Amount> shapeOf(List<Amount> shape, String value) {
        List<Amount> result = new ArrayList<>(shape);
        for (int index = 0; index < axes.size(); index++) {
            long place = axes.get(index);
            int axis = (int) (place < 0 ? place + shape.size() : place);
            result.set(
                    axis,
                    extent(shape.get(axis), starts.get(index), ends.get(index))
                            .orElse(Amount.symbol("slice[" + value + "." + axis + "]")));
        }
        return result;
    }

    private static Optional<Amount> extent(Amount whole, Amount start, Amount end) {
        boolean fixed = start.isFixed() && end.isFixed();
        if (fixed && whole.isFixed()) {
            long first = place(start.factor(), whole.factor());
            return Optional.of(Amount.of(Math.max(0, place(end.factor(), whole.factor()) - first)));
        }
        if (!start.is(0)) {
            return Optional.empty();
        }
        if (fixed && end.factor() >= Integer.MAX_VALUE) {
            return Optional.of(whole);
        }
        return end.equals(whole) || (end.isExtent() && whole.isFixed()) ? Optional.of(end) : Optional.empty();
    }

    /** Whether this takes the first so many along one axis and nothing else. */
    boolean isPrefix(int axis, int rank, Amount count) {
        return axes.size() == 1
                && (axes.getFirst() == axis || axes.getFirst() == axis - rank)
                && starts.getFirst().is(0)
                && ends.getFirst().equals(count);
    }
}
