package dev.hone.quantize;

import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.reference.ReferenceInterpreter;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz.Round;
import java.util.Map;
import java.util.Objects;

/** One linear layer over the rows of tokens, with random numbers. */
record LinearModel(Graph graph, Tensor weight, Tensor bias) {
    /** Weights up to 0.5, biases up to 1. */
    static LinearModel draw(Round round, int columns, int depth) {
        return of(round.floats(columns * depth, 0.5f), round.floats(columns, 1), depth);
    }

    static LinearModel of(float[] weights, float[] biases, int depth) {
        return of(
                Tensor.ofFloats(Shape.of(biases.length, depth), weights),
                Tensor.ofFloats(Shape.of(biases.length), biases));
    }

    /** The same layer with constants of another type of floats. */
    LinearModel as(DType type) {
        return of(Tensor.converted(weight, type), Tensor.converted(bias, type));
    }

    private static LinearModel of(Tensor weight, Tensor bias) {
        int depth = (int) weight.shape().dim(1).value();
        GraphBuilder builder = new GraphBuilder("linear");
        Value x = builder.input("x", DType.F32, Shape.of(Dim.BATCH, Dim.SEQUENCE, Dim.of(depth)));
        Op op = new Op.Linear(Activation.NONE, DType.F32);
        builder.output("y", builder.add(op, x, builder.constant("w", weight), builder.constant("b", bias)));
        return new LinearModel(builder.build(), weight, bias);
    }

    int columns() {
        return (int) weight.shape().dim(0).value();
    }

    int depth() {
        return (int) weight.shape().dim(1).value();
    }

    /** The answer of a graph with this one's input and output to rows end to end. */
    float[] run(Graph changed, float[] rows) {
        Tensor x = Tensor.ofFloats(Shape.of(1, rows.length / depth(), depth()), rows);
        return Objects.requireNonNull(
                        ReferenceInterpreter.run(changed, Map.of("x", x)).get("y"))
                .toFloatArray();
    }
}
