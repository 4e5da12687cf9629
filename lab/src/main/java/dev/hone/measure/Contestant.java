package dev.hone.measure;

import dev.hone.engines.EngineSession;

/** An opened model under the name that it is reported by. */
public record Contestant(String engine, String precision, EngineSession session) {
    @Override
    public String toString() {
        return engine + " " + precision;
    }
}
