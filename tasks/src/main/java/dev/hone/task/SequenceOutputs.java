package dev.hone.task;

import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import java.util.LinkedHashMap;

/** The answers of an encoder for one sequence of a batch. */
record SequenceOutputs(EncoderOutputs outputs, int sequence, int firstToken, int tokens) {
    OutputRows rows(String name) {
        return rows(outputs.get(name));
    }

    private OutputRows rows(Output output) {
        return output.perToken()
                ? new OutputRows(output.values(), output.width(), firstToken, tokens)
                : new OutputRows(output.values(), output.width(), sequence, 1);
    }

    /** The outputs of this sequence alone. */
    EncoderOutputs copy() {
        var copy = new LinkedHashMap<String, Output>();
        outputs.byName()
                .forEach((name, output) -> copy.put(
                        name,
                        new Output(
                                output.perToken(), output.width(), rows(output).all())));
        return new EncoderOutputs(copy);
    }
}
