package dev.hone.onnx.optimize;

/** What keeps a graph from being the attention that the fused operator computes, or makes it an unusual one. */
public enum Miss {
    NONE,
    SOFTMAX_AXIS,
    KEY_PERMUTATION,
    WEIGHTS_ARE_AN_OUTPUT,
    BIAS_OF_POSITIONS,
    MASK_OF_OTHER_TOKENS,
    MASK_ALONG_QUERIES,
    WEAK_MASK,
    INVERTED_MASK,
    SCALED_VALUES,
    OTHER_SCALE,
    KEYS_OF_OTHER_ROWS,
    GUARDED_WEIGHTS,
    GUARDED_BY_ONE,
    ONE_PROJECTION,
    ONE_PROJECTION_IN_ANOTHER_ORDER
}
