package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;

/**
 * How answers are looked for; the defaults are those of SQuAD 2.0 evaluation.
 *
 * @param maximumLength tokens of a window: question, context and special tokens
 * @param stride tokens that neighbouring windows share
 * @param bestCount starts and ends tried in each window, and spans that share the probability
 * @param maximumAnswerTokens longest answer
 * @param nullThreshold no answer when its score exceeds that of the best span by more than this, in logits; infinite
 *     for models that were not trained to say that there is none
 */
public record QuestionOptions(
        int maximumLength, int stride, int bestCount, int maximumAnswerTokens, double nullThreshold) {
    public static final QuestionOptions DEFAULT = new QuestionOptions(384, 128, 20, 30, 0);

    public QuestionOptions {
        if (maximumLength < 1
                || stride < 0
                || bestCount < 1
                || maximumAnswerTokens < 1
                || Double.isNaN(nullThreshold)) {
            throw new HoneException(
                    Category.USAGE,
                    "question options must be positive (stride may be 0), and are " + maximumLength + " tokens, stride "
                            + stride + ", " + bestCount + " best, " + maximumAnswerTokens + " answer tokens, threshold "
                            + nullThreshold);
        }
    }

    /** The same, where there always is an answer. */
    public QuestionOptions alwaysAnswering() {
        return new QuestionOptions(maximumLength, stride, bestCount, maximumAnswerTokens, Double.POSITIVE_INFINITY);
    }
}
