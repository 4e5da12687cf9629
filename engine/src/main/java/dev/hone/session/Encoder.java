package dev.hone.session;

import java.util.List;

/**
 * Anything that answers batches of token sequences: Hone's own compiled plan or a peer engine.
 *
 * <p>Safe for concurrent calls. After {@link #close()} every call throws
 * {@link dev.hone.HoneException} of category {@code CLOSED}.
 */
public interface Encoder extends AutoCloseable {
    /** Names of the outputs in the order of the model, for example {@code logits} or {@code last_hidden_state}. */
    List<String> outputNames();

    /** The largest number of tokens of one sequence, special tokens included. */
    int maximumLength();

    /**
     * Runs a batch.
     *
     * @throws dev.hone.HoneException of category {@code INPUT} for an empty batch or sequence, a sequence longer than
     *     {@link #maximumLength()}, or an id outside the vocabulary
     */
    EncoderOutputs run(TokenBatch batch);

    @Override
    void close();
}
