package dev.hone.calibrate;

import dev.hone.engines.EngineOptions;
import dev.hone.engines.EngineSession;
import dev.hone.engines.OnnxRuntimeEngine;
import dev.hone.measure.Progress;
import dev.hone.measure.Statistics;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.session.TokenBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How closely the answers of a changed model follow those of the original, both run by ONNX Runtime.
 *
 * @param sequences sequences compared
 * @param rows rows of outputs compared: one for each sequence, or for each token where an output has those
 * @param meanCosine of the rows of both models
 * @param worstCosine the smallest of them; {@code -1} where an answer is not a number
 * @param sameLabels the part of the rows of logits whose largest one is the same; empty where there are no logits
 */
public record AnswerAgreement(
        int sequences, long rows, double meanCosine, double worstCosine, OptionalDouble sameLabels) {
    private static final double LEAST_MEAN_COSINE = 0.99;
    /** An answer that is not a number is as far off as a direction can be. */
    private static final double NOT_A_NUMBER = -1;

    private static final double LEAST_SAME_LABELS = 0.97;

    /**
     * Whether so much was lost that nobody should use the model without a look at its metric: labels where there are
     * any, because a few logits turn far about 0 where neither label is likely, otherwise directions.
     */
    public boolean isBad() {
        return sameLabels.isPresent()
                ? sameLabels.getAsDouble() < LEAST_SAME_LABELS
                : !(meanCosine >= LEAST_MEAN_COSINE);
    }

    /**
     * Runs both models on the same sequences.
     *
     * @param original an ONNX file
     * @param changed an ONNX file with the same outputs
     */
    public static AnswerAgreement between(
            Path original, Path changed, List<TokenBatch> batches, int threads, Progress progress) {
        OnnxRuntimeEngine engine = new OnnxRuntimeEngine();
        EngineOptions options = EngineOptions.ofThreads(threads);
        try (EngineSession first = engine.open(original, options);
                EngineSession second = engine.open(changed, options)) {
            Comparison comparison = new Comparison();
            progress.begin("comparing answers", batches.size());
            for (TokenBatch batch : batches) {
                comparison.add(first.run(batch), second.run(batch));
                progress.step();
            }
            return comparison.agreement(
                    batches.stream().mapToInt(TokenBatch::size).sum());
        }
    }

    /** Sums over rows. */
    private static final class Comparison {
        private long rows;
        private double cosines;
        private double worst = 1;
        private long labelled;
        private long same;

        void add(EncoderOutputs expected, EncoderOutputs actual) {
            expected.byName().forEach((name, output) -> add(name.endsWith("logits"), output, actual.get(name)));
        }

        private void add(boolean logits, Output expected, Output actual) {
            // A single value a row has no direction: all of them together have one.
            int width = expected.width() == 1 ? expected.values().length : expected.width();
            for (int at = 0; at < expected.values().length; at += width) {
                double cosine = Statistics.cosine(expected.values(), actual.values(), at, at + width);
                cosine = Double.isNaN(cosine) ? NOT_A_NUMBER : cosine;
                cosines += cosine;
                worst = Math.min(worst, cosine);
                rows++;
                if (logits && width > 1) {
                    labelled++;
                    same += largest(expected.values(), at, width) == largest(actual.values(), at, width) ? 1 : 0;
                }
            }
        }

        AnswerAgreement agreement(int sequences) {
            OptionalDouble labels =
                    labelled == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) same / labelled);
            return new AnswerAgreement(sequences, rows, cosines / rows, worst, labels);
        }
    }

    private static int largest(float[] values, int from, int width) {
        int best = from;
        for (int index = from + 1; index < from + width; index++) {
            best = values[index] > values[best] ? index : best;
        }
        return best;
    }
}
