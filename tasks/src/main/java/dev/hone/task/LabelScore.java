package dev.hone.task;

/**
 * A label with how sure the model is of it.
 *
 * @param score a probability from 0 to 1, or the predicted value itself where the model was trained for regression
 */
public record LabelScore(String label, double score) {}
