package dev.hone.task;

/** How the labels of tokens become entities; the strategies of the transformers token classification pipeline. */
public enum Aggregation {
    /** Each token is an entity of its own, with its whole label. */
    NONE,
    /** Neighbouring tokens of one label are put together; a {@code B-} starts anew. */
    SIMPLE,
    /** As {@link #SIMPLE} on words, each with the label of its first token. */
    FIRST,
    /** As {@link #SIMPLE} on words, each with the best label of the mean of its tokens' scores. */
    AVERAGE,
    /** As {@link #SIMPLE} on words, each with the label of its surest token. */
    MAX
}
