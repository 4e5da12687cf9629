package dev.hone.testkit;

import dev.hone.graph.Graph;
import dev.hone.graph.Value;
import dev.hone.reference.ReferenceInterpreter;
import dev.hone.session.Encoder;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A graph of any operators as an encoder: the reference interpreter runs one sequence of a batch after another. */
public final class ReferenceEncoder implements Encoder {
    private final Graph graph;
    private final ReferenceInterpreter interpreter;
    private final int maximumLength;

    /** @param maximumLength tokens that the graph's position table allows */
    public ReferenceEncoder(Graph graph, int maximumLength) {
        this.graph = graph;
        this.interpreter = new ReferenceInterpreter(graph);
        this.maximumLength = maximumLength;
    }

    @Override
    public List<String> outputNames() {
        return List.copyOf(graph.outputs().keySet());
    }

    @Override
    public int maximumLength() {
        return maximumLength;
    }

    @Override
    public EncoderOutputs run(TokenBatch batch) {
        Map<String, Output> joined = new LinkedHashMap<>();
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            Map<String, Tensor> outputs = interpreter.run(inputs(batch.ids()[sequence], batch.types()[sequence]));
            outputs.forEach((name, tensor) -> joined.merge(name, output(name, tensor), ReferenceEncoder::append));
        }
        return new EncoderOutputs(joined);
    }

    /** The inputs that the graph asks for. */
    private Map<String, Tensor> inputs(int[] ids, int[] types) {
        int[] mask = new int[ids.length];
        Arrays.fill(mask, 1);
        Map<String, int[]> known = Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types);
        Map<String, Tensor> inputs = new HashMap<>();
        for (Value input : graph.inputs()) {
            int[] values = known.getOrDefault(input.name(), mask);
            inputs.put(
                    input.name(),
                    Tensor.ofLongs(
                            Shape.of(1, values.length),
                            Arrays.stream(values).asLongStream().toArray()));
        }
        return inputs;
    }

    private Output output(String name, Tensor tensor) {
        Shape shape = Objects.requireNonNull(graph.outputs().get(name)).shape();
        boolean perToken = shape.rank() > 1 && shape.dim(1).equals(Dim.SEQUENCE);
        boolean single = shape.rank() == 2 && perToken;
        return new Output(perToken, single ? 1 : (int) tensor.shape().last().value(), tensor.toFloatArray());
    }

    private static Output append(Output first, Output second) {
        float[] values = Arrays.copyOf(first.values(), first.values().length + second.values().length);
        System.arraycopy(second.values(), 0, values, first.values().length, second.values().length);
        return new Output(first.perToken(), first.width(), values);
    }

    @Override
    public void close() {}
}
