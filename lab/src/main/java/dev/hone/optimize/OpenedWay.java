package dev.hone.optimize;

import dev.hone.engines.EngineSession;
import dev.hone.evaluate.Predictor;
import dev.hone.task.Embedder;
import org.jspecify.annotations.Nullable;

/**
 * A model that was opened in one way.
 *
 * @param session what the predictor asks
 * @param embedder of a sentence embedder, whose vectors are compared too
 * @param cost of opening it
 */
public record OpenedWay(
        Predictor predictor,
        EngineSession session,
        @Nullable Embedder embedder,
        OpeningCost cost) implements AutoCloseable {
    /** Opens a model in any way. */
    @FunctionalInterface
    public interface Opener {
        OpenedWay open(Way way);
    }

    @Override
    public void close() {
        if (embedder != null) {
            embedder.close();
        }
        predictor.close();
    }
}
