package dev.hone.cli;

import dev.hone.session.Encoder;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.TokenBatch;
import java.util.List;

/** An encoder that somebody else closes. */
record BorrowedSession(Encoder lent) implements Encoder {
    @Override
    public List<String> outputNames() {
        return lent.outputNames();
    }

    @Override
    public int maximumLength() {
        return lent.maximumLength();
    }

    @Override
    public EncoderOutputs run(TokenBatch batch) {
        return lent.run(batch);
    }

    @Override
    public void close() {
        // Its owner closes it.
    }
}
