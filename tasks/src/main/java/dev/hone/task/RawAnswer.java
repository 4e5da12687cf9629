package dev.hone.task;

import dev.hone.session.EncoderOutputs;

/**
 * What went into the encoder for a text and what came out.
 *
 * @param inputIds vocabulary ids, special tokens included
 * @param tokenTypes token types (segments), one for each id
 * @param outputs by name; each has one row a token, or a single row
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over without a copy; the receiver owns it.
public record RawAnswer(int[] inputIds, int[] tokenTypes, EncoderOutputs outputs) {}
