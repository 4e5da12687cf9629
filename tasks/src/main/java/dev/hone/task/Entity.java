package dev.hone.task;

/**
 * A stretch of text that the model gave a label.
 *
 * @param entity the label, without its {@code B-} or {@code I-} where tokens were put together
 * @param score probability from 0 to 1
 * @param word the tokens as the tokenizer spells them, so for example in lower case
 * @param start first character in the text, in code points
 * @param end character after the last one, in code points
 */
public record Entity(String entity, double score, String word, int start, int end) {}
