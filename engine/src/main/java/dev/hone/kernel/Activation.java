package dev.hone.kernel;

import java.util.Locale;

/** Functions of one value that a kernel applies before it stores. */
public enum Activation {
    NONE,
    RELU;

    /** The name in problem lines. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
