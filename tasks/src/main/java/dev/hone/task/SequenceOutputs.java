package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import java.util.LinkedHashMap;

/** The answers of an encoder for one sequence of a batch. */
record SequenceOutputs(EncoderOutputs outputs, int sequence, int firstToken, int tokens) {
    OutputRows rows(String name) {
        return rows(outputs.get(name));
    }

    /**
     * The rows of the tokens.
     *
     * @throws HoneException of category {@code USAGE} when the output has one row for the whole text
     */
    OutputRows tokenRows(String task, String name) {
        return rows(task, name, true);
    }

    /**
     * The one row of the text.
     *
     * @throws HoneException of category {@code USAGE} when the output has a row for each token
     */
    float[] textRow(String task, String name) {
        return rows(task, name, false).row(0);
    }

    private OutputRows rows(String task, String name, boolean perToken) {
        Output output = outputs.get(name);
        if (output.perToken() != perToken) {
            String has = output.perToken()
                    ? "a row for each token, not one for the text"
                    : "one row for the text, not one for each token";
            throw TextModel.unfit(task, "its output " + name + " has " + has);
        }
        return rows(output);
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
