package dev.hone.quantize;

import dev.hone.tensor.RowRange;
import java.util.Map;
import java.util.Optional;

/**
 * What running a model on texts has told of the inputs of its linear layers, by the names of these nodes in the fused
 * graph.
 *
 * @param sizes the usual size (root of the mean square) of each input, for {@link SmoothLinear}
 * @param ranges of all rows, after smoothing, for {@link QuantizeLinear}
 */
public record Calibration(Map<String, InputSizes> sizes, Map<String, RowRange> ranges) {
    /** Nothing is known. */
    public static final Calibration NONE = new Calibration(Map.of(), Map.of());

    public Calibration {
        sizes = Map.copyOf(sizes);
        ranges = Map.copyOf(ranges);
    }

    Optional<InputSizes> sizes(String node) {
        return Optional.ofNullable(sizes.get(node));
    }

    Optional<RowRange> range(String node) {
        return Optional.ofNullable(ranges.get(node));
    }
}
