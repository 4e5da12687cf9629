package dev.hone.onnx.optimize;

/** Why a pattern does not hold where it begins to; caught by {@link Step}, never seen outside this package. */
final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Mismatch(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /** @throws Mismatch for the reason, unless the condition holds */
    static void unless(boolean condition, String reason) {
        if (!condition) {
            throw new Mismatch(reason);
        }
    }
}
