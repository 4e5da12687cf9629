package dev.hone.onnx.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.onnx.optimize.ExportedEncoder.Activation;
import dev.hone.onnx.optimize.ExportedEncoder.Embeddings;
import dev.hone.onnx.optimize.ExportedEncoder.Mask;
import dev.hone.onnx.optimize.ExportedEncoder.Norm;
import dev.hone.onnx.optimize.ExportedEncoder.Scale;
import dev.hone.onnx.optimize.ExportedEncoder.Style;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuseAttentionTest {
    @TempDir
    Path directory;

    private Optimized optimized(Style style, Switch... switches) {
        return Optimized.of(ExportedEncoder.of(style), directory, switches);
    }

    private static Style style(Scale scale, Mask mask) {
        return new Style(17, Norm.OPERATOR, Activation.ERF_HALF_LAST, scale, mask, Embeddings.BERT);
    }

    @Test
    void everyPlaceOfTheScaleAndEveryMaskIsUnderstood() {
        for (Scale scale : Scale.values()) {
            for (Mask mask : Mask.values()) {
                Optimized optimized = optimized(style(scale, mask));
                assertThat(optimized.count("Softmax")).as("%s %s", scale, mask).isZero();
                EditableNode attention = optimized.node("Attention");
                assertThat(attention.integer("num_heads")).hasValue(ExportedEncoder.HEADS);
                assertThat(attention.attribute("scale"))
                        .as("%s: the usual scale", scale)
                        .isEmpty();
                assertThat(attention.inputs()).hasSize(mask == Mask.NONE ? 3 : 4);
            }
        }
    }

    @Test
    void maskFillingIsKept() {
        assertThat(optimized(style(Scale.DIVIDED, Mask.ADDED_TEN_THOUSAND))
                        .node("Attention")
                        .real("mask_filter_value", 0))
                .isEqualTo(-10000f);
        assertThat(optimized(style(Scale.DIVIDED, Mask.WHERE_EXPANDED))
                        .node("Attention")
                        .real("mask_filter_value", 0))
                .isEqualTo(-Float.MAX_VALUE);
    }

    @Test
    void weightsOfTheProjectionsStandSideBySide() {
        Optimized packed = optimized(Style.BERT);
        assertThat(packed.count("MatMul"))
                .as("of the output and the feed-forward part")
                .isEqualTo(3);
        Optimized apart = optimized(Style.BERT, Switch.USE_MULTI_HEAD_ATTENTION);
        assertThat(apart.microsoft("MultiHeadAttention")).isEqualTo(1);
        assertThat(apart.count("MatMul")).isEqualTo(6);
        assertThat(apart.node("MultiHeadAttention").inputs()).hasSize(5);
    }

    @Test
    void biasesOfSeparateProjectionsAreTheOperators() {
        Path file = ExportedEncoder.of(Style.BERT).write(directory.resolve("exported.onnx"));
        try (EditableModel model = EditableModel.open(file)) {
            new OnnxOptimizer(OptimizerSettings.of(Level.O2, Switch.USE_MULTI_HEAD_ATTENTION)).run(model);
            EditableNode attention = model.nodes().stream()
                    .filter(node -> node.operator().equals("MultiHeadAttention"))
                    .findFirst()
                    .orElseThrow();
            for (int operand = 0; operand < 3; operand++) {
                assertThat(model.producer(attention.input(operand))
                                .orElseThrow()
                                .operator())
                        .isEqualTo("MatMul");
            }
            assertThat(model.constant(attention.input(3)).orElseThrow().elementCount())
                    .isEqualTo(3L * ExportedEncoder.HIDDEN);
        }
    }

    @Test
    void theFormOfTheMaskIsChosen() {
        assertThat(optimized(Style.BERT, Switch.NO_ATTENTION_MASK)
                        .node("Attention")
                        .inputs())
                .hasSize(3);
        Optimized index = optimized(Style.BERT, Switch.USE_MASK_INDEX);
        assertThat(index.node("Attention").input(3))
                .isEqualTo(index.node("EmbedLayerNormalization").outputs().get(1));
        Optimized summed = optimized(Style.BERT, Switch.USE_MASK_INDEX, Switch.DISABLE_EMBED_LAYER_NORM);
        assertThat(summed.node("Attention").input(3))
                .isEqualTo(summed.node("ReduceSum").output());
        assertThat(optimized(Style.DISTILBERT, Switch.NO_ATTENTION_MASK)
                        .node("Attention")
                        .inputs())
                .as("also where the scores are chosen by the mask")
                .hasSize(3);
    }

    @Test
    void settingsThatDisagreeWithTheGraphAreSaid() {
        Optimized optimized = Optimized.of(
                ExportedEncoder.of(Style.BERT),
                directory,
                new OptimizerSettings(Level.O2, Set.of(), 4, ExportedEncoder.HIDDEN, Set.of()));
        assertThat(optimized.microsoft("Attention")).isZero();
        assertThat(optimized.refusals("Attention")).contains("the graph has 2 heads, --num-heads says 4");
    }

    @Test
    void nearMissesAreLeftAloneWithTheirReasons() {
        assertThat(refusal(Miss.SOFTMAX_AXIS)).contains("runs along axis 2");
        assertThat(refusal(Miss.KEY_PERMUTATION)).contains("permutes by [0, 2, 1, 3]");
        assertThat(refusal(Miss.WEIGHTS_ARE_AN_OUTPUT)).contains("weights is an output of the model");
        assertThat(refusal(Miss.BIAS_OF_POSITIONS)).contains("depends on no mask");
        assertThat(refusal(Miss.MASK_OF_OTHER_TOKENS)).contains("beside tokens of [batch, sequence]");
        assertThat(refusal(Miss.MASK_ALONG_QUERIES)).contains("does not lie along the batch and the keys");
        assertThat(refusal(Miss.WEAK_MASK)).contains("-1.0 where it is 0");
        assertThat(refusal(Miss.INVERTED_MASK)).contains("where the mask is 1");
        assertThat(refusal(Miss.SCALED_VALUES)).contains("the values are multiplied by 2.0");
    }

    private String refusal(Miss miss) {
        Optimized optimized = Optimized.of(AlmostAttention.of(miss), directory);
        assertThat(optimized.microsoft("Attention") + optimized.microsoft("MultiHeadAttention"))
                .as("%s", miss)
                .isZero();
        return optimized.refusals("Attention");
    }

    @Test
    void withoutAMissTheSameGraphFuses() {
        Optimized optimized = Optimized.of(AlmostAttention.of(Miss.NONE), directory);
        assertThat(optimized.counts()).containsOnlyKeys("Cast", "com.microsoft.Attention");
    }

    @Test
    void guardsAgainstWhatIsNoNumberAreTakenAlong() {
        assertThat(Optimized.of(AlmostAttention.of(Miss.GUARDED_WEIGHTS), directory)
                        .counts())
                .containsOnlyKeys("Cast", "com.microsoft.Attention");
        assertThat(refusal(Miss.GUARDED_BY_ONE)).contains("does more than replace what is no number by 0");
    }

    @Test
    void otherScalesAreWrittenDown() {
        Optimized optimized = Optimized.of(AlmostAttention.of(Miss.OTHER_SCALE), directory);
        assertThat(optimized.node("Attention").real("scale", 0)).isEqualTo(0.25f);
    }

    @Test
    void projectionsOfOtherRowsStayApart() {
        Optimized optimized = Optimized.of(AlmostAttention.of(Miss.KEYS_OF_OTHER_ROWS), directory);
        assertThat(optimized.microsoft("MultiHeadAttention")).isEqualTo(1);
        assertThat(optimized.node("MultiHeadAttention").inputs().subList(0, 4))
                .isEqualTo(List.of("query.product", "key.product", "value.product", "query.product_bias"));
    }

    @Test
    void splitColumnsOfOneProjectionAreItsWeights() {
        Optimized optimized = Optimized.of(AlmostAttention.of(Miss.ONE_PROJECTION), directory);
        assertThat(optimized.node("Attention").inputs().subList(0, 3))
                .isEqualTo(List.of("rows", "qkv.weight", "qkv.bias"));
        Optimized other = Optimized.of(AlmostAttention.of(Miss.ONE_PROJECTION_IN_ANOTHER_ORDER), directory);
        assertThat(other.microsoft("Attention")).isZero();
        assertThat(other.microsoft("MultiHeadAttention")).isEqualTo(1);
    }
}
