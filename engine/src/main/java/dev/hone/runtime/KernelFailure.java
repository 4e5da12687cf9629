package dev.hone.runtime;

/** Turns what a method handle may throw into what our callers expect. */
final class KernelFailure {
    private KernelFailure() {}

    static RuntimeException of(String step, Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("step " + step + " failed: " + failure.getMessage(), failure);
    }
}
