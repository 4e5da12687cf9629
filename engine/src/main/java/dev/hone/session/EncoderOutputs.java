package dev.hone.session;

import java.util.Map;

/** The named answers of one run, in the order of {@link Encoder#outputNames()}. */
public record EncoderOutputs(Map<String, Output> byName) {
    /**
     * One output of a whole batch.
     *
     * @param perToken whether it has a row for each token (rows of all sequences end to end) or one for each sequence
     * @param width values in a row; 1 for the start and end logits of question answering
     * @param values row-major, {@code rows * width} values
     */
    @SuppressWarnings("ArrayRecordComponent") // Hot data: handed over without a copy; the receiver owns it.
    public record Output(boolean perToken, int width, float[] values) {
        public int rows() {
            return values.length / width;
        }
    }

    /** @throws IllegalArgumentException when the model has no such output */
    public Output get(String name) {
        Output output = byName.get(name);
        if (output == null) {
            throw new IllegalArgumentException("no output " + name + "; the model has " + byName.keySet());
        }
        return output;
    }
}
