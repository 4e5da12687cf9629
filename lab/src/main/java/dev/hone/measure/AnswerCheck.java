package dev.hone.measure;

import dev.hone.engines.Engine;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.EngineSession;
import dev.hone.engines.Engines;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.TokenBatch;
import java.nio.file.Path;

/**
 * Whether a file answers as the one it was made from: both are run by ONNX Runtime, which knows neither Hone's
 * operators nor its transforms.
 *
 * @param engine what ran them, with its version
 * @param sequences sequences of tokens, padded to one length
 * @param tokens tokens that were asked
 * @param difference how far apart the answers lie
 */
public record AnswerCheck(String engine, int sequences, int tokens, AnswerDifference difference) {
    private static final long SEED = 20_240_607L;

    /**
     * The share of the largest number of an output by which numbers may differ and count as equal: another order of
     * additions in f32.
     */
    public static final double TOLERANCE = 1e-4;

    /**
     * Runs both files once.
     *
     * @throws dev.hone.HoneException when ONNX Runtime loads or runs one of them not
     */
    public static AnswerCheck of(Path original, Path changed, TokenLimits limits, int threads) {
        Engine engine = Engines.named("onnxruntime");
        TokenBatch batch = limits.tokens(SEED);
        EncoderOutputs expected = run(engine, original, batch, threads);
        EncoderOutputs found = run(engine, changed, batch, threads);
        return new AnswerCheck(
                "ONNX Runtime " + engine.version(),
                batch.size(),
                batch.rows(),
                AnswerDifference.between(expected, found));
    }

    private static EncoderOutputs run(Engine engine, Path file, TokenBatch batch, int threads) {
        try (EngineSession session = engine.open(file, EngineOptions.ofThreads(threads))) {
            return session.run(batch);
        }
    }

    /** Whether no number differs by more than {@link #TOLERANCE} of the largest one of its output. */
    public boolean isEqual() {
        return difference.largestRelative() <= TOLERANCE;
    }
}
