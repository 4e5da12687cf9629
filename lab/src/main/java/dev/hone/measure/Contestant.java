package dev.hone.measure;

import dev.hone.engines.EngineSession;
import dev.hone.quantize.Precision;

/** An opened model under the name that it is reported by. */
public record Contestant(String engine, Precision precision, EngineSession session) {
    @Override
    public String toString() {
        return engine + " " + precision.label();
    }
}
