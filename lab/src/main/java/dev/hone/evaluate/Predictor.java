package dev.hone.evaluate;

import dev.hone.evaluate.data.Example;
import java.util.List;

/** A model that was opened for a task. */
public interface Predictor extends AutoCloseable {
    /** What the model says to each example, in their order. */
    List<Prediction> answer(List<Example> examples);

    /** Time that was spent on the tokens of texts since the model was opened. */
    long tokenizerNanos();

    @Override
    void close();
}
