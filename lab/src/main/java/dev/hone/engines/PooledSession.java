package dev.hone.engines;

import dev.hone.graph.Op.Pooling;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A peer whose model ends at {@code last_hidden_state}, with the pooling of sentence embeddings done here, as a caller
 * of
 * that peer would have to do it.
 */
public final class PooledSession implements EngineSession {
    public static final String STATES = "last_hidden_state";
    public static final String EMBEDDING = "sentence_embedding";

    /** Vectors shorter than this are left as they are instead of being divided by nearly nothing. */
    private static final double SHORTEST = 1e-12;

    private final EngineSession session;
    private final Pooling pooling;
    private final boolean normalise;

    /**
     * @param session must have an output {@value #STATES}; closed with this one
     * @param normalise whether embeddings get the Euclidean length 1
     */
    public PooledSession(EngineSession session, Pooling pooling, boolean normalise) {
        this.session = session;
        this.pooling = pooling;
        this.normalise = normalise;
        if (!session.outputNames().contains(STATES)) {
            throw new IllegalArgumentException("nothing to pool among " + session.outputNames());
        }
    }

    @Override
    public List<String> outputNames() {
        return Stream.concat(session.outputNames().stream(), Stream.of(EMBEDDING))
                .toList();
    }

    @Override
    public int maximumLength() {
        return session.maximumLength();
    }

    @Override
    public EncoderOutputs run(TokenBatch batch) {
        EncoderOutputs outputs = session.run(batch);
        Output states = outputs.get(STATES);
        float[] embeddings = new float[batch.size() * states.width()];
        int row = 0;
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            int rows = batch.ids()[sequence].length;
            double[] pooled = pool(states, row, rows);
            write(pooled, embeddings, sequence * states.width());
            row += rows;
        }
        Map<String, Output> byName = new LinkedHashMap<>(outputs.byName());
        byName.put(EMBEDDING, new Output(false, states.width(), embeddings));
        return new EncoderOutputs(byName);
    }

    private double[] pool(Output states, int firstRow, int rows) {
        int width = states.width();
        double[] pooled = new double[width];
        for (int column = 0; column < width; column++) {
            pooled[column] = states.values()[firstRow * width + column];
        }
        int read = pooling == Pooling.CLS ? 1 : rows;
        for (int row = 1; row < read; row++) {
            int at = (firstRow + row) * width;
            for (int column = 0; column < width; column++) {
                float value = states.values()[at + column];
                pooled[column] = pooling == Pooling.MAX ? Math.max(pooled[column], value) : pooled[column] + value;
            }
        }
        if (pooling == Pooling.MEAN) {
            for (int column = 0; column < width; column++) {
                pooled[column] /= rows;
            }
        }
        return pooled;
    }

    private void write(double[] pooled, float[] embeddings, int at) {
        double squares = 0;
        for (double value : pooled) {
            squares += value * value;
        }
        double divisor = normalise ? Math.max(Math.sqrt(squares), SHORTEST) : 1;
        for (int column = 0; column < pooled.length; column++) {
            embeddings[at + column] = (float) (pooled[column] / divisor);
        }
    }

    /** The model's own work only: pooling is not the peer's. */
    @Override
    public PreparedCall prepare(TokenBatch batch) {
        return session.prepare(batch);
    }

    @Override
    public void close() {
        session.close();
    }
}
