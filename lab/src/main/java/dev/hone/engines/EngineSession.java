package dev.hone.engines;

import dev.hone.session.Encoder;
import dev.hone.session.TokenBatch;
import java.util.List;

/** An opened model that can also be timed without the work that only the caller's side of an engine needs. */
public interface EngineSession extends Encoder {
    /**
     * One call with its inputs in place, to be repeated by a timer.
     *
     * <p>A peer is timed at its own best: conversions between its tensors and the arrays of this project are left out
     * of the call. Hone is timed with everything that {@link #run} does.
     */
    interface PreparedCall extends AutoCloseable {
        void run();

        @Override
        void close();
    }

    /**
     * What a run goes through, a line for each step with its sizes; empty where an engine cannot tell. Models with the
     * same lines do the same work.
     */
    default List<String> steps() {
        return List.of();
    }

    /** Puts the inputs of a batch in place. The call must be closed before the session. */
    PreparedCall prepare(TokenBatch batch);
}
