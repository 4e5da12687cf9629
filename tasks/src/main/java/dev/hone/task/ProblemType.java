package dev.hone.task;

/** What the logits of a classification head stand for. */
public enum ProblemType {
    /** One label is right: probabilities add up to 1. */
    SINGLE_LABEL,
    /** Any number of labels is right: each has a probability of its own. */
    MULTI_LABEL,
    /** The logits are the predicted values. */
    REGRESSION
}
