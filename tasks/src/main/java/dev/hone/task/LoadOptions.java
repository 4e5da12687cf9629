package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.session.SessionOptions;

/**
 * How a model is loaded.
 *
 * @param session threads and instruction set
 * @param maximumLength texts are cut to so many tokens, or to fewer where the model allows fewer
 */
public record LoadOptions(SessionOptions session, int maximumLength) {
    public LoadOptions {
        if (maximumLength < 1) {
            throw new HoneException(
                    Category.USAGE, "maximum length " + maximumLength + ": give a number of at least 1");
        }
    }

    /** All cores that this process may use, and texts as long as the model allows. */
    public static LoadOptions defaults() {
        return new LoadOptions(SessionOptions.defaults(), Integer.MAX_VALUE);
    }

    public LoadOptions withThreads(int count) {
        return new LoadOptions(session.withThreads(count), maximumLength);
    }

    public LoadOptions withMaximumLength(int tokens) {
        return new LoadOptions(session, tokens);
    }
}
