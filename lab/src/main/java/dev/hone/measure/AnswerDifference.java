package dev.hone.measure;

import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import java.util.List;

/**
 * How far the answers of two engines to the same batch lie apart.
 *
 * @param outputs names that both answered and that were compared; never empty
 * @param values numbers compared
 * @param largestAbsolute the largest difference of two numbers
 * @param largestRelative the largest difference divided by the largest magnitude of that output of the reference
 */
public record AnswerDifference(List<String> outputs, long values, double largestAbsolute, double largestRelative) {
    /**
     * Compares the outputs that both have.
     *
     * @throws IllegalArgumentException when they share no output, or an output differs in shape
     */
    public static AnswerDifference between(EncoderOutputs reference, EncoderOutputs other) {
        List<String> shared = reference.byName().keySet().stream()
                .filter(other.byName()::containsKey)
                .toList();
        if (shared.isEmpty()) {
            throw new IllegalArgumentException(
                    "no common output: one has " + reference.byName().keySet() + ", the other "
                            + other.byName().keySet());
        }
        long values = 0;
        double absolute = 0;
        double relative = 0;
        for (String name : shared) {
            Output expected = reference.get(name);
            double difference = largestDifference(name, expected, other.get(name));
            double magnitude = largestMagnitude(expected.values());
            values += expected.values().length;
            absolute = Math.max(absolute, difference);
            relative = Math.max(relative, difference == 0 ? 0 : difference / magnitude);
        }
        return new AnswerDifference(shared, values, absolute, relative);
    }

    private static double largestDifference(String name, Output expected, Output actual) {
        if (expected.width() != actual.width() || expected.values().length != actual.values().length) {
            throw new IllegalArgumentException("output " + name + ": " + expected.rows() + "x" + expected.width()
                    + " of one engine, " + actual.rows() + "x" + actual.width() + " of the other");
        }
        double largest = 0;
        for (int i = 0; i < expected.values().length; i++) {
            double difference = Math.abs((double) expected.values()[i] - actual.values()[i]);
            // A value that is not a number on either side must never pass for agreement.
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }

    private static double largestMagnitude(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
