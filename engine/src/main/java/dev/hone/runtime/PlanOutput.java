package dev.hone.runtime;

/**
 * A named output: columns of a buffer.
 *
 * @param buffer its number in the buffer plan
 * @param perToken whether it has a row for each token or one for each sequence
 * @param firstColumn where its columns begin in the buffer's rows
 * @param width its columns
 */
public record PlanOutput(String name, int buffer, boolean perToken, int firstColumn, int width) {}
