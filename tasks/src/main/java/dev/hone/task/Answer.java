package dev.hone.task;

/**
 * The best answer to a question, a stretch of its context.
 *
 * @param answer the stretch; empty when the context holds no answer
 * @param score probability among the spans that were considered, and no answer, from 0 to 1
 * @param start first character in the context, in code points; 0 when there is no answer
 * @param end character after the last one, in code points; 0 when there is no answer
 * @param nullMargin score of no answer less the score of the best span, in logits; above the threshold: no answer
 */
public record Answer(String question, String answer, double score, int start, int end, double nullMargin) {}
