package dev.hone.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.graph.Graph;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.OpenedModel;
import dev.hone.session.TokenBatch;
import dev.hone.testkit.ReferenceEncoder;
import dev.hone.transform.Pipelines;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The bundled model's graph before and after the transforms, both through the reference interpreter. */
final class EmbeddedGraphTest {
    private static final TokenBatch BATCH =
            TokenBatch.of(new int[] {101, 7592, 102}, new int[] {101, 2023, 2003, 2307, 102});

    @Test
    void transformsKeepItsNumbers() {
        try (OpenedModel model = OpenedModel.open(EmbeddedModel.directory())) {
            Graph fused = Pipelines.INFERENCE.run(model.graph()).graph();
            assertThat(fused.nodes().size()).isLessThan(model.graph().nodes().size() / 4);
            EncoderOutputs before = run(model.graph());
            EncoderOutputs after = run(fused);
            assertThat(after.byName().keySet()).isEqualTo(before.byName().keySet());
            before.byName().forEach((name, output) -> {
                // Every operator rounds its results once, and normalisations keep what comes of it from growing.
                double bound = Math.scalb(1, -24) * model.graph().nodes().size() * largest(output.values());
                assertThat(output.values()).isNotEmpty();
                assertThat(after.get(name).values()).as(name).containsExactly(output.values(), Offset.offset((float)
                        bound));
            });
        }
    }

    private static EncoderOutputs run(Graph graph) {
        try (ReferenceEncoder encoder = new ReferenceEncoder(graph, 512)) {
            return encoder.run(BATCH);
        }
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
