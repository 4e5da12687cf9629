package dev.hone.sweep;

/**
 * What is kept of the answers to all rows, in their order.
 *
 * @param outcomes beside what is right
 * @param agreement beside what the original answers
 */
@SuppressWarnings("ArrayRecordComponent") // Read only; JSON has no other form for it.
record Answered(double[][] outcomes, double[][] agreement) {}
