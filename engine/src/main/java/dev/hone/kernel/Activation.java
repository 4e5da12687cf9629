package dev.hone.kernel;

import java.util.Locale;

/** Functions of one value that a kernel applies before it stores; error bounds in {@link VectorMath}. */
public enum Activation {
    /** x. */
    NONE,
    /** max(x, 0). */
    RELU,
    /** x · Φ(x), with the error function. */
    GELU,
    /** GELU for results of products in 16 and 8 bits, which are off by more: less than half the arithmetic. */
    GELU_ROUGH,
    /** x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
    GELU_TANH,
    /** x · sigmoid(1.702 x). */
    GELU_QUICK,
    /** x · sigmoid(x). */
    SILU,
    /** tanh x. */
    TANH,
    /** 1 / (1 + e⁻ˣ). */
    SIGMOID,
    /** The error function. */
    ERF,
    /** eˣ. */
    EXP;

    /** The name in problem lines. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
