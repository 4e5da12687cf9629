package dev.hone.graph;

/** Activation functions, with the names that checkpoints give them in {@code architecture}. */
public enum Activation {
    /** The identity. */
    NONE,
    /** x · Φ(x) = x/2 · (1 + erf(x/√2)). */
    GELU,
    /** x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
    GELU_TANH,
    /** x · sigmoid(1.702 x). */
    GELU_QUICK,
    /** max(x, 0). */
    RELU,
    /** x · sigmoid(x). */
    SILU,
    TANH
}
