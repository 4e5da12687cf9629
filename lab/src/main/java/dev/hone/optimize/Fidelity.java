package dev.hone.optimize;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.measure.Statistics;
import java.util.List;
import java.util.Map;

/**
 * How closely the embeddings of a candidate follow those of the original, and how well each agrees with people.
 *
 * @param texts embeddings compared
 * @param worstCosine the smallest cosine of a text's two embeddings
 * @param largestAbsolute the largest difference of two numbers
 * @param largestRelative that difference divided by the original's largest magnitude
 * @param originalSpearman rank correlation of the original's cosines of pairs with the grades
 * @param candidateSpearman the same for the candidate
 */
public record Fidelity(
        int texts,
        @JsonProperty("worst_cosine") double worstCosine,
        @JsonProperty("mean_cosine") double meanCosine,
        @JsonProperty("largest_absolute_difference") double largestAbsolute,
        @JsonProperty("largest_relative_difference") double largestRelative,
        @JsonProperty("original_spearman") double originalSpearman,
        @JsonProperty("candidate_spearman") double candidateSpearman) {
    /** An answer this close to the original in direction counts as the same. */
    public static final double LEAST_COSINE = 0.999_999;

    /** An answer whose numbers lie this close to the original's, relative to the largest, counts as the same. */
    public static final double MOST_RELATIVE = 1e-5;

    /** Below this, a lower precision has not rounded answers but lost them. */
    public static final double LEAST_SANE_COSINE = 0.9;

    /**
     * Compares embeddings of the same texts.
     *
     * @param pairs graded pairs, all of whose texts are keys of both maps
     */
    public static Fidelity of(List<SamplePair> pairs, Map<String, float[]> original, Map<String, float[]> candidate) {
        double[] cosines = new double[original.size()];
        double absolute = 0;
        double magnitude = 0;
        int at = 0;
        for (Map.Entry<String, float[]> entry : original.entrySet()) {
            float[] expected = entry.getValue();
            float[] actual = vector(candidate, entry.getKey());
            cosines[at++] = Statistics.cosine(expected, actual);
            for (int i = 0; i < expected.length; i++) {
                absolute = Math.max(absolute, distance(expected[i], actual[i]));
                magnitude = Math.max(magnitude, Math.abs(expected[i]));
            }
        }
        double[] grades = pairs.stream().mapToDouble(SamplePair::grade).toArray();
        return new Fidelity(
                cosines.length,
                worst(cosines),
                Statistics.mean(cosines),
                absolute,
                absolute / magnitude,
                Statistics.spearman(cosinesOf(pairs, original), grades),
                Statistics.spearman(cosinesOf(pairs, candidate), grades));
    }

    /** Whether the candidate may be called the same model. */
    public boolean isFaithful() {
        return worstCosine >= LEAST_COSINE && largestRelative <= MOST_RELATIVE;
    }

    /** Whether the candidate may be called the same model in a lower precision. */
    public boolean isSane() {
        return worstCosine >= LEAST_SANE_COSINE;
    }

    /** The part of the original's rank correlation that the candidate loses; below 0 when it gains. */
    public double loss() {
        return (originalSpearman - candidateSpearman) / Math.abs(originalSpearman);
    }

    private static double[] cosinesOf(List<SamplePair> pairs, Map<String, float[]> embeddings) {
        return pairs.stream()
                .mapToDouble(
                        pair -> Statistics.cosine(vector(embeddings, pair.first()), vector(embeddings, pair.second())))
                .toArray();
    }

    private static float[] vector(Map<String, float[]> embeddings, String text) {
        float[] vector = embeddings.get(text);
        if (vector == null) {
            throw new IllegalArgumentException("no embedding of '" + text + "'");
        }
        return vector;
    }

    /** A value that is not a number on either side is infinitely far from anything. */
    private static double distance(double expected, double actual) {
        double distance = Math.abs(expected - actual);
        return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }

    private static double worst(double[] cosines) {
        double worst = Double.POSITIVE_INFINITY;
        for (double cosine : cosines) {
            worst = Math.min(worst, Double.isNaN(cosine) ? Double.NEGATIVE_INFINITY : cosine);
        }
        return worst;
    }
}
