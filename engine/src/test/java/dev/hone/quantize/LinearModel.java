package dev.hone.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.reference.ReferenceInterpreter;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Rotation;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz.Round;
import java.util.Arrays;
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

    /** The same layer with the weights of an input side by side in memory. */
    LinearModel lyingByInputs() {
        float[] across = weight.transposed(0, 1).toFloatArray();
        return of(Tensor.ofFloats(Shape.of(depth(), columns()), across).transposed(0, 1), bias);
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

    /** Without rows that are mixed, and with few and most parts of them. */
    static int depth(Round round) {
        return round.oneOf(round.between(32, 80), 64 * round.between(1, 5), 128 * round.between(1, 3));
    }

    /** Three rows, of which the first holds a number that stands out. */
    static float[] rows(Round round, int depth) {
        float[] rows = round.floats(3 * depth, 1);
        rows[0] = 30;
        return rows;
    }

    /** A row after its rotation, divided by a number. */
    static float[] mixed(float[] row, int divisor) {
        float[] mixed = row.clone();
        new Rotation(row.length).apply(mixed);
        for (int index = 0; index < mixed.length; index++) {
            mixed[index] /= divisor;
        }
        return mixed;
    }

    static float magnitude(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** How far a product of a row and a weight row may be off. */
    interface Bound {
        double of(float[] row, float[] weights);
    }

    /** Runs both graphs on rows end to end. */
    void compare(Graph changed, float[] rows, Bound bound) {
        float[] wanted = run(graph, rows);
        float[] found = run(changed, rows);
        assertThat(found).hasSameSizeAs(wanted).isNotEmpty();
        for (int index = 0; index < wanted.length; index++) {
            int first = index / columns() * depth();
            float[] row = Arrays.copyOfRange(rows, first, first + depth());
            float[] weights = new float[depth()];
            weight.readLine(1, new long[] {index % columns(), 0}, weights, weights.length);
            assertThat((double) found[index]).isCloseTo(wanted[index], within(bound.of(row, weights) + 1e-5));
        }
    }
}
