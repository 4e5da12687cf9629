package dev.hone.testkit;

import dev.hone.graph.Graph;
import dev.hone.graph.Value;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Inputs for small graphs: three sequences of two tokens. Floats are sixteenths from -1 to 1 of which neighbours
 * differ; integers are 0 or 1, and 1 in the first column, so that each row of a mask has a token.
 */
final class DrawnInputs {
    private static final Map<String, Long> EXTENTS = Map.of("batch", 3L, "sequence", 2L);

    private final Graph graph;
    private final SplittableRandom random = new SplittableRandom(1);

    DrawnInputs(Graph graph) {
        this.graph = graph;
    }

    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Value input : graph.inputs()) {
            Shape shape = Shape.of(input.shape().resolve(EXTENTS));
            tensors.put(input.name(), input.type().isFloat() ? floats(shape) : integers(shape));
        }
        return tensors;
    }

    private Tensor floats(Shape shape) {
        float[] numbers = new float[Math.toIntExact(shape.elementCount().value())];
        int last = 0;
        for (int index = 0; index < numbers.length; index++) {
            int drawn = random.nextInt(-16, 16);
            last = drawn == last ? 16 : drawn;
            numbers[index] = last / 16f;
        }
        return Tensor.ofFloats(shape, numbers);
    }

    private Tensor integers(Shape shape) {
        long[] numbers = new long[Math.toIntExact(shape.elementCount().value())];
        for (int index = 0; index < numbers.length; index++) {
            boolean first = index % shape.last().value() == 0;
            numbers[index] = first ? 1 : random.nextInt(2);
        }
        return Tensor.ofLongs(shape, numbers);
    }
}
