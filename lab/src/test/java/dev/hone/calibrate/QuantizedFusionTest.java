package dev.hone.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.calibrate.OnnxQuantization.Paths;
import dev.hone.calibrate.OnnxQuantization.Written;
import dev.hone.checkpoint.OnnxOutput;
import dev.hone.engines.OnnxAgreement;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.optimize.AlmostAttention;
import dev.hone.onnx.optimize.ExportedEncoder;
import dev.hone.onnx.optimize.ExportedEncoder.Style;
import dev.hone.onnx.optimize.ExportedGraph;
import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.optimize.Miss;
import dev.hone.onnx.optimize.OnnxOptimizer;
import dev.hone.onnx.optimize.OptimizerSettings;
import dev.hone.onnx.quantize.NodeChoice;
import dev.hone.onnx.quantize.QuantizationSettings;
import dev.hone.onnx.quantize.QuantizedNode;
import dev.hone.onnx.quantize.WeightScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators that the optimiser writes, quantised, in ONNX Runtime. */
class QuantizedFusionTest {
    /** Numbers are normalised and so of the order of 1; each of them is the sum of few, each a byte of 256 steps. */
    private static final double ROUNDED = 0.1;

    @TempDir
    private Path folder;

    private Path original = Path.of("");
    private Path optimised = Path.of("");
    private Path quantised = Path.of("");

    private Written quantized(ExportedGraph graph, WeightScheme scheme, Set<String> operators) {
        original = graph.write(folder.resolve("original.onnx"));
        optimised = folder.resolve("optimised.onnx");
        quantised = folder.resolve("quantised.onnx");
        try (EditableModel model = EditableModel.open(original)) {
            new OnnxOptimizer(OptimizerSettings.of(Level.O2)).run(model);
            model.save(optimised, OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
        }
        NodeChoice choice = new NodeChoice(operators, Set.of(), Set.of());
        QuantizationSettings settings = new QuantizationSettings(choice, scheme, false, Optional.empty());
        return OnnxQuantization.dynamic(new Paths(optimised, quantised, false), settings);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void attentionAndEmbeddingsRunOnBytes(boolean perColumn) {
        WeightScheme scheme = new WeightScheme(WeightScheme.SIGNED.type(), perColumn, true, false);
        for (Style style : List.of(Style.BERT, Style.OLD_BERT, Style.DISTILBERT, Style.WITHOUT_MASK)) {
            Written written = quantized(ExportedEncoder.of(style), scheme, Set.of());
            assertThat(written.account().operatorsAfter())
                    .as("%s", style)
                    .containsEntry("com.microsoft.QAttention", 1)
                    .containsEntry("com.microsoft.QEmbedLayerNormalization", 1)
                    .doesNotContainKeys("com.microsoft.Attention", "com.microsoft.EmbedLayerNormalization");
            OnnxAgreement agreement = OnnxAgreement.of(original, quantised, true);
            assertThat(agreement.values()).isPositive();
            assertThat(agreement.largest()).as("%s: %s", style, agreement).isBetween(1e-6, ROUNDED);
        }
    }

    @Test
    void fusedGraphsAnswerAsTheirOriginals() {
        List.of(Style.BERT, Style.DISTILBERT, Style.ROBERTA, Style.SCALED_DOT_PRODUCT, Style.WITHOUT_MASK)
                .forEach(this::requireFusedAnswers);
    }

    private void requireFusedAnswers(Style style) {
        original = ExportedEncoder.of(style).write(folder.resolve("original.onnx"));
        quantised = folder.resolve("quantised.onnx");
        QuantizationSettings settings =
                new QuantizationSettings(NodeChoice.ALL, WeightScheme.SIGNED, false, Optional.empty());
        Written written = OnnxQuantization.dynamic(new Paths(original, quantised, false, true), settings);
        assertThat(written.account().operatorsAfter())
                .containsKeys("LayerNormalization", "Reshape", "Softmax")
                .doesNotContainKeys("com.microsoft.SkipLayerNormalization", "com.microsoft.BiasGelu");
        OnnxAgreement agreement = OnnxAgreement.of(original, quantised, true);
        assertThat(agreement.values()).isPositive();
        assertThat(agreement.largest()).as("%s: %s", style, agreement).isBetween(1e-6, ROUNDED);
    }

    @Test
    void embeddingsAloneKeepTheNumbersOfTheirBytes() {
        Written written =
                quantized(ExportedEncoder.of(Style.BERT), WeightScheme.SIGNED, Set.of("EmbedLayerNormalization"));
        assertThat(written.account().operatorsAfter()).containsEntry("com.microsoft.Attention", 1);
        assertThat(OnnxAgreement.of(optimised, quantised, true).largest()).isBetween(1e-6, ROUNDED);
    }

    @Test
    void whatTheOperatorsOfBytesDoNotKnowStays() {
        assertThat(refusal(ExportedEncoder.of(Style.ROBERTA), "EmbedLayerNormalization"))
                .contains("computed positions");
        assertThat(refusal(AlmostAttention.of(Miss.OTHER_SCALE), "Attention")).contains("a scale of their own");
    }

    private String refusal(ExportedGraph graph, String operator) {
        Written written = quantized(graph, WeightScheme.SIGNED, Set.of());
        assertThat(OnnxAgreement.of(original, quantised, true).values()).isPositive();
        return written.account().nodes().stream()
                .filter(node -> node.operator().endsWith("." + operator) && !node.quantized())
                .map(QuantizedNode::account)
                .findFirst()
                .orElseThrow();
    }
}
