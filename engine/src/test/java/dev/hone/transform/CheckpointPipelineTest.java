package dev.hone.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.hone.architecture.Architectures;
import dev.hone.checkpoint.Checkpoint;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphDifference;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.TokenBatch;
import dev.hone.testkit.ReferenceEncoder;
import dev.hone.testkit.Shared;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs from safetensors through the whole pipeline, fused and taken apart first: the interpreter's numbers stay. */
class CheckpointPipelineTest {
    private static final TokenBatch BATCH =
            new TokenBatch(new int[][] {{2, 5, 3, 9, 4}, {6}}, new int[][] {{0, 0, 0, 0, 0}, {0}});

    @TempDir
    private Path directory;

    @Test
    void smallestModelKeepsItsNumbers() {
        keepsItsNumbers(TinyBert.classifier().write(directory));
    }

    @Test
    void everyRecordedArchitectureKeepsItsNumbers() throws IOException {
        Path tiny = Shared.require("golden", "tiny");
        int models = 0;
        try (Stream<Path> folders = Files.list(tiny)) {
            for (Path folder : folders.toList()) {
                keepsItsNumbers(folder);
                models++;
            }
        }
        assertThat(models).as("models in %s", tiny).isPositive();
    }

    private static void keepsItsNumbers(Path model) {
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            Graph built = Architectures.load(checkpoint).graph();
            Graph fused = Pipelines.INFERENCE.run(built).graph();
            Graph apart = TransformTesting.apply(new TakeApart(), built).graph();
            Graph fusedAgain = Pipelines.INFERENCE.run(apart).graph();
            assertThat(GraphDifference.between(fusedAgain, fused))
                    .as("%s taken apart and fused again", model)
                    .isEmpty();
            EncoderOutputs expected = run(built);
            compare(run(fused), expected, built.nodes().size());
            compare(run(apart), expected, apart.nodes().size());
        }
    }

    private static EncoderOutputs run(Graph graph) {
        try (ReferenceEncoder encoder = new ReferenceEncoder(graph, TinyBert.POSITIONS)) {
            return encoder.run(BATCH);
        }
    }

    /**
     * The interpreter adds in double precision and rounds each operator's result once, by half a unit in the last
     * place; normalisations of rows that are nearly constant magnify what came before by up to 64.
     */
    private static void compare(EncoderOutputs found, EncoderOutputs expected, int nodes) {
        assertThat(found.byName().keySet()).isEqualTo(expected.byName().keySet());
        expected.byName().forEach((name, output) -> {
            float[] numbers = found.get(name).values();
            assertThat(numbers).hasSameSizeAs(output.values()).isNotEmpty();
            for (int at = 0; at < numbers.length; at++) {
                double bound = 64 * Math.ulp(0.5f) * nodes * Math.max(1, Math.abs(output.values()[at]));
                assertThat((double) numbers[at]).as("%s[%d]", name, at).isCloseTo(output.values()[at], offset(bound));
            }
        });
    }
}
