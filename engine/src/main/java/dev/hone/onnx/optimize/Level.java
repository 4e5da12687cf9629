package dev.hone.onnx.optimize;

import dev.hone.HoneException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How much is done, by the names that ONNX Runtime and Optimum gave to it. */
public enum Level {
    /** Nothing: the file is written as it was read. */
    DISABLED("0"),
    /** What holds for every graph: constants, redundant and repeated nodes, shapes. */
    BASIC("1"),
    /** And the operators of encoders. */
    EXTENDED("2"),
    /** As {@link #EXTENDED}: layouts, the further step of ONNX Runtime, concern convolutions, which encoders lack. */
    ALL("99"),
    /** {@link #BASIC}. */
    O1("O1"),
    /** {@link #EXTENDED}. */
    O2("O2"),
    /** And the approximation of Gelu. */
    O3("O3"),
    /** And float16, for GPUs. */
    O4("O4");

    private final String text;

    Level(String text) {
        this.text = text;
    }

    /** The name on the command line. */
    public String text() {
        return text;
    }

    /** All names in their order. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(Level::text).toList();
    }

    /** @throws HoneException of category USAGE when there is no such level */
    public static Level parse(String text) {
        String wanted = text.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(level -> level.text.equals(wanted) || level.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new HoneException(
                        HoneException.Category.USAGE,
                        "there is no level " + text + ": give one of " + String.join(", ", texts())));
    }

    /** The number by which ONNX Runtime knows the level. */
    public int number() {
        return switch (this) {
            case DISABLED -> 0;
            case BASIC, O1 -> 1;
            case EXTENDED, O2, O3, O4 -> 2;
            case ALL -> 99;
        };
    }

    boolean fusesOperators() {
        return switch (this) {
            case DISABLED, BASIC, O1 -> false;
            case EXTENDED, ALL, O2, O3, O4 -> true;
        };
    }

    boolean approximatesGelu() {
        return switch (this) {
            case O3, O4 -> true;
            case DISABLED, BASIC, EXTENDED, ALL, O1, O2 -> false;
        };
    }

    /** Whether the level asks for float16. */
    public boolean narrows() {
        return this == O4;
    }
}
