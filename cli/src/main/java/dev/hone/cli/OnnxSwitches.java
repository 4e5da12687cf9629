package dev.hone.cli;

import dev.hone.onnx.optimize.Switch;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** The switches of Optimum's configuration, under both of the names that each has had. */
final class OnnxSwitches {
    @Option(
            names = {"--disable-gelu", "--disable-gelu-fusion"},
            description = "Leave Gelu and FastGelu as they are exported.")
    private boolean disableGelu;

    @Option(
            names = {"--disable-layer-norm", "--disable-layer-norm-fusion"},
            description = "Leave layer normalisations as they are exported.")
    private boolean disableLayerNorm;

    @Option(
            names = {"--disable-attention", "--disable-attention-fusion"},
            description = "Leave attention as it is exported.")
    private boolean disableAttention;

    @Option(
            names = {"--disable-skip-layer-norm", "--disable-skip-layer-norm-fusion"},
            description = "Keep the sum before a layer normalisation apart.")
    private boolean disableSkipLayerNorm;

    @Option(
            names = {"--disable-bias-skip-layer-norm", "--disable-bias-skip-layer-norm-fusion"},
            description = "Keep the bias before that sum apart.")
    private boolean disableBiasSkipLayerNorm;

    @Option(
            names = {"--disable-bias-gelu", "--disable-bias-gelu-fusion"},
            description = "Keep the bias before Gelu apart.")
    private boolean disableBiasGelu;

    @Option(
            names = {"--disable-embed-layer-norm", "--disable-embed-layer-norm-fusion"},
            description = "Leave the embeddings as they are exported; Optimum does so unless told otherwise.")
    private boolean disableEmbedLayerNorm;

    @Option(
            names = "--enable-gelu-approximation",
            description = "FastGelu in place of Gelu; answers differ slightly. Part of O3.")
    private boolean enableGeluApproximation;

    @Option(
            names = "--use-mask-index",
            description = "Attention reads how long each sequence is: right only where padding stands behind.")
    private boolean useMaskIndex;

    @Option(names = "--no-attention-mask", description = "Attention reads no mask: right only where nothing is padded.")
    private boolean noAttentionMask;

    @Option(
            names = "--use-multi-head-attention",
            description = "MultiHeadAttention in place of Attention: the weights of the projections stay apart.")
    private boolean useMultiHeadAttention;

    @Option(names = "--optimize-for-gpu", description = "The file is for a GPU; O4 needs this.")
    private boolean optimizeForGpu;

    @Option(names = "--fp16", description = "Weights and nodes in float16; inputs and outputs keep their types.")
    private boolean fp16;

    Set<Switch> chosen() {
        EnumSet<Switch> chosen = EnumSet.noneOf(Switch.class);
        add(chosen, disableGelu, Switch.DISABLE_GELU);
        add(chosen, disableLayerNorm, Switch.DISABLE_LAYER_NORM);
        add(chosen, disableAttention, Switch.DISABLE_ATTENTION);
        add(chosen, disableSkipLayerNorm, Switch.DISABLE_SKIP_LAYER_NORM);
        add(chosen, disableBiasSkipLayerNorm, Switch.DISABLE_BIAS_SKIP_LAYER_NORM);
        add(chosen, disableBiasGelu, Switch.DISABLE_BIAS_GELU);
        add(chosen, disableEmbedLayerNorm, Switch.DISABLE_EMBED_LAYER_NORM);
        add(chosen, enableGeluApproximation, Switch.ENABLE_GELU_APPROXIMATION);
        add(chosen, useMaskIndex, Switch.USE_MASK_INDEX);
        add(chosen, noAttentionMask, Switch.NO_ATTENTION_MASK);
        add(chosen, useMultiHeadAttention, Switch.USE_MULTI_HEAD_ATTENTION);
        add(chosen, optimizeForGpu, Switch.OPTIMIZE_FOR_GPU);
        add(chosen, fp16, Switch.FP16);
        return chosen;
    }

    private static void add(Set<Switch> chosen, boolean given, Switch name) {
        if (given) {
            chosen.add(name);
        }
    }
}
