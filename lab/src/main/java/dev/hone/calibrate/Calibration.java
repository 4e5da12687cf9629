package dev.hone.calibrate;

import dev.hone.measure.Progress;
import dev.hone.onnx.EditableModel;
import dev.hone.quantize.Observer;
import dev.hone.quantize.RangeMethod;
import dev.hone.session.TokenBatch;
import dev.hone.tensor.RowRange;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Measures the ranges of values inside a model by running it on texts, one at a time, with the values as outputs.
 *
 * <p>All texts are run once for each shard of the values; a shard's values fit the memory budget together for the
 * longest text.
 *
 * @param percentile for {@link RangeMethod#PERCENTILE}
 * @param shards the least number of shards
 * @param budgetBytes the most bytes that values of one run may take together
 */
public record Calibration(RangeMethod method, double percentile, int shards, long budgetBytes, int threads) {
    /**
     * The ranges of those of the values that are tensors of f32.
     *
     * @param original as it is quantised; the values become outputs of it
     * @param texts batches of one sequence
     */
    Map<String, RowRange> ranges(
            EditableModel original, Set<String> values, List<TokenBatch> texts, Progress progress) {
        try (ExposedModel model = ExposedModel.open(original, values, threads)) {
            TokenBatch longest = texts.stream()
                    .max(Comparator.comparingInt(TokenBatch::rows))
                    .orElseThrow();
            List<Set<String>> parts = Shards.of(model.bytes(longest), shards, budgetBytes);
            progress.begin("calibrating", Math.multiplyExact(parts.size(), texts.size()));
            Map<String, RowRange> ranges = new TreeMap<>();
            for (Set<String> part : parts) {
                ranges.putAll(observe(model, part, texts, progress));
            }
            return ranges;
        }
    }

    private Map<String, RowRange> observe(
            ExposedModel model, Set<String> part, List<TokenBatch> texts, Progress progress) {
        Map<String, Observer> observers = new TreeMap<>();
        part.forEach(value -> observers.put(value, method.observer(percentile)));
        for (TokenBatch text : texts) {
            model.run(
                    text,
                    part,
                    (value, numbers) ->
                            Objects.requireNonNull(observers.get(value), value).observe(floats(numbers)));
            progress.step();
        }
        Map<String, RowRange> ranges = new TreeMap<>();
        observers.forEach((value, observer) -> ranges.put(value, observer.range()));
        return ranges;
    }

    private static float[] floats(FloatBuffer numbers) {
        float[] all = new float[numbers.remaining()];
        numbers.get(all);
        return all;
    }
}
