package dev.hone.task;

import dev.hone.tokenize.Encoding;
import java.util.List;
import java.util.stream.Stream;

/** Token ids and outputs of the encoder as they are, for those who judge them themselves. */
public final class RawOutputs implements AutoCloseable {
    // The logits of a masked language model have the width of the vocabulary; 256 tokens of 30,522 floats are 31 MB.
    private static final int TOKEN_BUDGET = 256;

    private final TextModel model;

    RawOutputs(TextModel model) {
        this.model = model;
    }

    /** One answer a text or pair, in the order given. */
    public List<RawAnswer> run(List<TextInput> inputs) {
        return model.answer(inputs, TOKEN_BUDGET, (input, encoding, outputs) -> read(encoding, outputs));
    }

    /** As {@link #run(List)}, each answer made when it is asked for. */
    public Stream<RawAnswer> run(Stream<TextInput> inputs) {
        return model.stream(inputs, TOKEN_BUDGET, (input, encoding, outputs) -> read(encoding, outputs));
    }

    private static RawAnswer read(Encoding encoding, SequenceOutputs outputs) {
        return new RawAnswer(encoding.ids(), encoding.types(), outputs.copy());
    }

    @Override
    public void close() {
        model.close();
    }
}
