package dev.hone.optimize;

import dev.hone.engines.OnnxRuntimeEngine;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import java.util.OptionalInt;

/**
 * One way to run a model.
 *
 * @param threads fewer than the search has; empty for all of them
 */
public record Way(String engine, Scheme scheme, OptionalInt threads) {
    private static final String HONE = "hone";

    /** The model as it is, on ONNX Runtime: what the others are held against. */
    public static final Way ORIGINAL = new Way(OnnxRuntimeEngine.NAME, Scheme.of(Precision.F32), OptionalInt.empty());

    /** Hone on all threads. */
    public static Way of(Scheme scheme) {
        return new Way(HONE, scheme, OptionalInt.empty());
    }

    public Way withThreads(int count) {
        return new Way(engine, scheme, OptionalInt.of(count));
    }

    public boolean isOriginal() {
        return equals(ORIGINAL);
    }

    /** Whether it must answer as the original does, but for another order of additions. */
    public boolean isSingle() {
        return scheme.equals(Scheme.of(Precision.F32));
    }

    /** Whether it is one precision for all layers, without settings. */
    public boolean isUniform() {
        return scheme.equals(Scheme.of(scheme.base()));
    }

    /** Its name in tables, journals and answers. */
    @Override
    public String toString() {
        return engine + " " + scheme + (threads.isPresent() ? " threads=" + threads.getAsInt() : "");
    }
}
