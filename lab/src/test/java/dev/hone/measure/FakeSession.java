package dev.hone.measure;

import dev.hone.engines.EngineSession;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers each token with its id, off by a given amount, and lets a clock of its own advance. */
final class FakeSession implements EngineSession {
    private final float offset;
    private final Runnable onRun;
    int runs;

    FakeSession(float offset, Runnable onRun) {
        this.offset = offset;
        this.onRun = onRun;
    }

    @Override
    public List<String> outputNames() {
        return List.of("last_hidden_state");
    }

    @Override
    public int maximumLength() {
        return 512;
    }

    @Override
    public EncoderOutputs run(TokenBatch batch) {
        runs++;
        onRun.run();
        float[] values = new float[batch.rows()];
        int at = 0;
        for (int[] sequence : batch.ids()) {
            for (int id : sequence) {
                values[at++] = id + offset;
            }
        }
        Map<String, Output> outputs = new LinkedHashMap<>();
        outputs.put("last_hidden_state", new Output(true, 1, values));
        return new EncoderOutputs(outputs);
    }

    @Override
    public PreparedCall prepare(TokenBatch batch) {
        return new PreparedCall() {
            @Override
            public void run() {
                FakeSession.this.run(batch);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}
}
