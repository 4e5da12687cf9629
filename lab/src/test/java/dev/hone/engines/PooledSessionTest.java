package dev.hone.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.graph.Op.Pooling;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PooledSessionTest {
    private static final TokenBatch BATCH = TokenBatch.of(new int[] {2, 6, 4}, new int[] {9});

    @TempDir
    private Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyOnnx.write(folder.resolve("model.onnx"), false);
    }

    @Test
    void meanIsOverRealTokensOnly() {
        assertThat(embed(Pooling.MEAN, false).values()[1]).isEqualTo((2 + 6 + 4) / 3f + 1 / 8f);
        assertThat(embed(Pooling.MEAN, false).values()[TinyOnnx.HIDDEN]).isEqualTo(9f);
    }

    @Test
    void firstTokenAndMaximum() {
        assertThat(embed(Pooling.CLS, false).values()[0]).isEqualTo(2f);
        assertThat(embed(Pooling.MAX, false).values()[0]).isEqualTo(6f);
    }

    @Test
    void normalisedEmbeddingsHaveLengthOne() {
        Output embeddings = embed(Pooling.MEAN, true);
        assertThat(embeddings.rows()).isEqualTo(2);
        for (int row = 0; row < 2; row++) {
            double squares = 0;
            for (int column = 0; column < embeddings.width(); column++) {
                double value = embeddings.values()[row * embeddings.width() + column];
                squares += value * value;
            }
            // Each of the four values is rounded once.
            assertThat(squares).isCloseTo(1, within(8.0 * Math.ulp(1f)));
        }
    }

    private Output embed(Pooling pooling, boolean normalise) {
        EngineSession session = Engines.named("onnxruntime").open(model, EngineOptions.ofThreads(1));
        try (EngineSession pooled = new PooledSession(session, pooling, normalise)) {
            assertThat(pooled.outputNames()).contains("last_hidden_state", "sentence_embedding");
            return pooled.run(BATCH).get("sentence_embedding");
        }
    }
}
