package dev.hone.onnx.optimize;

/** What a user may turn off or on, by the names of Optimum's configuration. */
public enum Switch {
    DISABLE_GELU,
    DISABLE_LAYER_NORM,
    DISABLE_ATTENTION,
    DISABLE_SKIP_LAYER_NORM,
    DISABLE_BIAS_SKIP_LAYER_NORM,
    DISABLE_BIAS_GELU,
    DISABLE_EMBED_LAYER_NORM,
    ENABLE_GELU_APPROXIMATION,
    /** Attention takes how many tokens each sequence has in place of the mask: right where padding stands behind. */
    USE_MASK_INDEX,
    /** Attention takes no mask: right where nothing is padded. */
    NO_ATTENTION_MASK,
    USE_MULTI_HEAD_ATTENTION,
    OPTIMIZE_FOR_GPU,
    FP16
}
