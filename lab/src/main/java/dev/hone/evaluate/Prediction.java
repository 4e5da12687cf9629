package dev.hone.evaluate;

import java.util.List;

/** What a model says to an example. */
public sealed interface Prediction {
    /** A value for each label. */
    @SuppressWarnings("ArrayRecordComponent") // One a row, handed over without a copy.
    record Logits(float[] values) implements Prediction {}

    /** How alike the texts of a pair are. */
    record Grade(double value) implements Prediction {}

    /** A tag for each word. */
    record Tags(List<String> tags) implements Prediction {
        public Tags {
            tags = List.copyOf(tags);
        }
    }

    /**
     * An answer to a question.
     *
     * @param answer empty where the model says that there is none
     * @param best the best stretch of the context all the same
     * @param nullMargin score of no answer less that of the best stretch, in logits
     */
    record Found(String answer, String best, double nullMargin) implements Prediction {}
}
