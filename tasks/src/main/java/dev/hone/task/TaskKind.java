package dev.hone.task;

/** What a model was trained to do. */
public enum TaskKind {
    EMBEDDING,
    CLASSIFICATION,
    TOKENS,
    QUESTION,
    MASK
}
