package dev.hone.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.graph.Graph;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.testkit.Shared;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportedModelsTest {
    private static final long EMBEDDED_BYTES = 90_000_000;

    @TempDir
    Path directory;

    @Test
    void embeddedModelBecomesAGraphOfSmallOperators() throws IOException {
        try (OnnxModel model = OnnxModel.open(embeddedModel())) {
            Graph graph = model.graph();
            assertThat(graph.inputs())
                    .extracting(Value::name)
                    .containsExactly("input_ids", "attention_mask", "token_type_ids");
            assertThat(graph.inputs())
                    .allSatisfy(
                            input -> assertThat(input.valueType().toString()).isEqualTo("i64[batch, sequence]"));
            assertThat(graph.outputs()).hasSize(1).allSatisfy((name, output) -> {
                assertThat(name).isEqualTo("last_hidden_state");
                assertThat(output.valueType()).hasToString("f32[batch, sequence, 384]");
            });
            Map<Class<?>, Long> counts = countsOf(graph);
            assertThat(counts.get(Op.MatMul.class)).isEqualTo(48);
            assertThat(counts.get(Op.Softmax.class)).isEqualTo(6);
            assertThat(counts.get(Op.Reshape.class)).isEqualTo(24 + 2);
            assertThat(counts).doesNotContainKey(Op.Concat.class);
            assertThat(graph.constants().keySet()).contains("embeddings.word_embeddings.weight");
            assertThat(model.notes()).isEmpty();
        }
    }

    @Test
    void openingCopiesNoWeightsToTheHeap() throws IOException {
        Path file = embeddedModel();
        assertThat(Files.size(file)).isGreaterThan(EMBEDDED_BYTES);
        OnnxModel.open(file).close();
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        OnnxModel.open(file).close();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated on the heap")
                .isBetween(1L, EMBEDDED_BYTES / 5);
    }

    @Test
    void recordedModelsOfEachArchitectureAreRead() throws IOException {
        Path tiny = Shared.require("golden", "tiny");
        try (Stream<Path> directories = Files.list(tiny)) {
            for (Path file :
                    directories.map(model -> model.resolve("model.onnx")).toList()) {
                try (OnnxModel model = OnnxModel.open(file)) {
                    assertThat(model.graph().nodes()).as("nodes of %s", file).hasSizeGreaterThan(40);
                }
            }
        }
    }

    private static Map<Class<?>, Long> countsOf(Graph graph) {
        return graph.nodes().stream().map(Node::op).collect(Collectors.groupingBy(Op::getClass, Collectors.counting()));
    }

    private Path embeddedModel() throws IOException {
        Path file = directory.resolve("all-minilm-l6-v2.onnx");
        if (!Files.exists(file)) {
            try (InputStream resource = ExportedModelsTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
                assertThat(resource).as("the embedded model on the class path").isNotNull();
                Files.copy(resource, file);
            }
        }
        return file;
    }
}
