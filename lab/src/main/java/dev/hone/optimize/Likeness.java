package dev.hone.optimize;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.evaluate.data.Example;
import dev.hone.measure.AnswerDifference;
import dev.hone.measure.InputShape;
import dev.hone.session.TokenBatch;
import dev.hone.task.Embedder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How closely a candidate's outputs follow the original's, whatever is right.
 *
 * @param largestRelative the largest difference of two numbers of an output, divided by the output's largest magnitude
 * @param fidelity of a sentence embedder's vectors; null for other models
 */
public record Likeness(
        @JsonProperty("largest_relative_difference") double largestRelative,
        @JsonProperty("fidelity") @Nullable Fidelity fidelity) {
    private static final List<Integer> LENGTHS = List.of(5, 48);
    private static final int MOST_PAIRS = 256;
    private static final long SEED = 7;

    static Likeness of(OpenedWay original, OpenedWay candidate, Subject subject) {
        return new Likeness(
                largestRelative(original, candidate, subject),
                fidelity(original.embedder(), candidate.embedder(), subject));
    }

    /** The largest difference on token ids that are drawn, relative to the largest value. */
    static double largestRelative(OpenedWay original, OpenedWay candidate, Subject subject) {
        double largest = 0;
        int longest =
                Math.min(original.session().maximumLength(), candidate.session().maximumLength());
        for (int length : LENGTHS) {
            TokenBatch batch = new InputShape(2, Math.min(length, longest)).tokens(subject.vocabulary(), SEED);
            AnswerDifference difference = AnswerDifference.between(
                    original.session().run(batch), candidate.session().run(batch));
            largest = Math.max(largest, difference.largestRelative());
        }
        return largest;
    }

    private static @Nullable Fidelity fidelity(
            @Nullable Embedder original, @Nullable Embedder candidate, Subject subject) {
        if (original == null || candidate == null) {
            return null;
        }
        List<SamplePair> pairs = subject.rows().search().stream()
                .limit(MOST_PAIRS)
                .map(row -> (Example.Graded) row)
                .map(row -> new SamplePair(
                        row.grade(),
                        row.input().text(),
                        Objects.requireNonNull(row.input().second(), "a graded row is a pair")))
                .toList();
        List<String> texts = SamplePair.texts(pairs);
        return Fidelity.of(pairs, embeddings(original, texts), embeddings(candidate, texts));
    }

    private static Map<String, float[]> embeddings(Embedder embedder, List<String> texts) {
        float[][] vectors = embedder.embed(texts);
        Map<String, float[]> byText = new LinkedHashMap<>();
        for (int text = 0; text < vectors.length; text++) {
            byText.put(texts.get(text), vectors[text]);
        }
        return byText;
    }
}
