package dev.hone.onnx.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.onnx.Attributes;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.onnx.optimize.ExportedEncoder;
import dev.hone.onnx.optimize.ExportedEncoder.Style;
import dev.hone.onnx.optimize.ExportedGraph;
import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.optimize.OnnxOptimizer;
import dev.hone.onnx.optimize.OptimizerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowFusionsTest {
    @TempDir
    private Path folder;

    @Test
    void whatTheOptimiserFusesIsTakenApart() {
        Path file = ExportedEncoder.of(Style.BERT).write(folder.resolve("model.onnx"));
        try (EditableModel model = EditableModel.open(file)) {
            new OnnxOptimizer(OptimizerSettings.of(Level.O2)).run(model);
            Map<String, Integer> fused = model.operatorCounts();
            int skips = fused.getOrDefault("com.microsoft.SkipLayerNormalization", 0);
            int gelus = fused.getOrDefault("com.microsoft.BiasGelu", 0);
            assertThat(skips * gelus).isPositive();
            assertThat(SlowFusions.undo(model)).isEqualTo(skips + gelus);
            assertThat(model.operatorCounts())
                    .containsEntry("Add", 2 * skips + gelus)
                    .containsEntry("LayerNormalization", skips)
                    .containsEntry("com.microsoft.Gelu", gelus)
                    .containsEntry("Reshape", 1)
                    .doesNotContainKeys("com.microsoft.SkipLayerNormalization", "com.microsoft.BiasGelu");
            EditableNode embeddings = only(model, "EmbedLayerNormalization");
            assertThat(model.readers(embeddings.output())).containsExactly(only(model, "Reshape"));
        }
    }

    private static EditableNode only(EditableModel model, String operator) {
        List<EditableNode> found = model.nodes().stream()
                .filter(node -> node.operator().equals(operator))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void onlySumsOfTwoValuesBecomeSums() {
        ExportedGraph graph = new ExportedGraph(17)
                .rows("x", "batch", "sequence", 8)
                .weights("scale", 8)
                .weights("bias", 8)
                .weights("shift", 8)
                .node("Add", "x shift -> shifted")
                .node("LayerNormalization", "shifted scale bias -> normal", Attributes.real("epsilon", 1e-5))
                .node("Add", "x normal -> sum")
                .node("LayerNormalization", "sum scale bias -> y", Attributes.real("epsilon", 1e-5))
                .output("y", "batch", "sequence", 8);
        try (EditableModel model = EditableModel.open(graph.write(folder.resolve("model.onnx")))) {
            assertThat(SlowFusions.undo(model)).isEqualTo(1);
            assertThat(only(model, "Sum").inputs()).containsExactly("x", "normal");
            assertThat(model.operatorCounts()).containsEntry("Add", 1).containsEntry("LayerNormalization", 2);
        }
    }
}
