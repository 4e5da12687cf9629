package dev.hone.testkit;

import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.PositionScheme;
import dev.hone.graph.Value;
import dev.hone.session.TokenBatch;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz.Round;
import java.util.ArrayList;
import java.util.List;

/**
 * A small fused encoder of random sizes and weights, odd ones among them.
 *
 * @param depth the longest sum of any of its products
 */
public record RandomEncoder(Graph graph, int layers, int depth, int vocabulary, int types, int positions) {
    private static final int POSITIONS = 140;

    /** Draws sizes around the edges of vectors and tiles. */
    public static RandomEncoder draw(Round round) {
        return new Drawing(round).draw();
    }

    /** Sequences of 1 to 130 tokens. */
    public TokenBatch batch(Round round, int sequences) {
        int[][] ids = new int[sequences][];
        int[][] kinds = new int[sequences][];
        for (int sequence = 0; sequence < sequences; sequence++) {
            int length = round.oneOf(1, 2, round.between(1, 20), round.between(1, 130));
            ids[sequence] = new int[length];
            kinds[sequence] = new int[length];
            for (int token = 0; token < length; token++) {
                ids[sequence][token] = round.between(0, vocabulary - 1);
                kinds[sequence][token] = round.between(0, types - 1);
            }
        }
        return new TokenBatch(ids, kinds);
    }

    /** One encoder in the making. */
    private static final class Drawing {
        private final Round round;
        private final GraphBuilder graph = new GraphBuilder("random");
        private final Shape tokens = Shape.of(Dim.BATCH, Dim.SEQUENCE);
        private final int heads;
        private final int headSize;
        private final int hidden;
        private final int inner;
        private final int vocabulary;
        private final boolean typed;

        Drawing(Round round) {
            this.round = round;
            this.heads = round.between(1, 4);
            this.headSize = round.oneOf(1, 8, 10, 16, 26, 32, 64, round.between(1, 40));
            this.hidden = round.oneOf(30, 48, 312, Math.max(8, heads * headSize), round.between(8, 100));
            this.inner = round.oneOf(64, 96, round.between(1, 200));
            this.vocabulary = round.between(2, 60);
            this.typed = round.oneOf(true, false);
        }

        RandomEncoder draw() {
            Value ids = graph.input("input_ids", DType.I64, tokens);
            Value mask = graph.input("attention_mask", DType.I64, tokens);
            Value rows = embeddings(ids);
            int layers = round.between(1, 3);
            for (int layer = 0; layer < layers; layer++) {
                rows = layer(rows, mask);
            }
            outputs(rows, mask);
            int depth = Math.max(Math.max(hidden, inner), heads * headSize);
            return new RandomEncoder(graph.build(), layers, depth, vocabulary, typed ? 3 : 1, POSITIONS);
        }

        private Value embeddings(Value ids) {
            PositionScheme scheme = round.oneOf(PositionScheme.ABSOLUTE, PositionScheme.skipping(1));
            List<Value> operands = new ArrayList<>(List.of(ids));
            if (typed) {
                operands.add(graph.input("token_type_ids", DType.I64, tokens));
            }
            operands.add(weights(1, vocabulary, hidden));
            operands.add(weights(1, POSITIONS, hidden));
            if (typed) {
                operands.add(weights(1, 3, hidden));
            }
            operands.add(weights(1, hidden));
            operands.add(weights(1, hidden));
            return graph.addNamed("embeddings", new Op.Embedding(scheme, 1e-5), operands);
        }

        private Value layer(Value rows, Value mask) {
            int width = heads * headSize;
            Value merged = linear(rows, 3 * width, Activation.NONE);
            Op attention = new Op.Attention(heads, headSize, 1 / Math.sqrt(headSize), DType.F32);
            Value context = graph.add(attention, merged, mask);
            Value middle = norm(linear(context, hidden, Activation.NONE), rows);
            Value wide = linear(middle, inner, round.oneOf(Activation.values()));
            return norm(linear(wide, hidden, Activation.NONE), middle);
        }

        private void outputs(Value rows, Value mask) {
            graph.output("last_hidden_state", rows);
            Value first = graph.add(new Op.FirstToken(), rows);
            graph.output("logits", linear(first, round.between(1, 5), round.oneOf(Activation.TANH, Activation.NONE)));
            Value pooled = graph.add(new Op.Pool(round.oneOf(Op.Pooling.values())), rows, mask);
            graph.output("sentence_embedding", graph.add(new Op.Normalize(1e-12), pooled));
            Value both = linear(rows, 2, Activation.NONE);
            graph.output("end_logits", graph.add(new Op.Column(1), both));
        }

        private Value linear(Value rows, int columns, Activation activation) {
            int depth = (int) rows.shape().last().value();
            Value weight = weights((float) (1 / Math.sqrt(depth)), columns, depth);
            return graph.add(new Op.Linear(activation, DType.F32), rows, weight, weights(0.1f, columns));
        }

        private Value norm(Value rows, Value residual) {
            return graph.add(new Op.ResidualLayerNorm(1e-5), rows, residual, weights(1, hidden), weights(0.5f, hidden));
        }

        private Value weights(float magnitude, long... dims) {
            Shape shape = Shape.of(dims);
            int count = Math.toIntExact(shape.elementCount().value());
            Tensor tensor = Tensor.ofFloats(shape, round.floats(count, magnitude));
            return graph.constant(graph.freeName("weight"), tensor);
        }
    }
}
