package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.session.Encoder;
import dev.hone.tokenize.Encoding;
import dev.hone.tokenize.TextTokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/** An encoder with its tokenizer and configuration, as one task holds it until it is closed. */
final class TextModel implements AutoCloseable {
    /**
     * Tokens of a batch: enough rows to fill the kernels, while the activations (some 6 KB a row in a hidden size of
     * 384) stay small beside the weights.
     */
    static final int TOKEN_BUDGET = 4096;

    // Sorting by length pays within some hundreds of texts; more would only hold memory.
    private static final int CHUNK = 512;

    /** Makes an answer of what the encoder gave for a text. */
    @FunctionalInterface
    interface Reading<T> {
        T read(TextInput input, Encoding encoding, SequenceOutputs outputs);
    }

    private final Encoder encoder;
    private final TextTokenizer tokenizer;
    private final TaskConfiguration configuration;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    TextModel(Encoder encoder, TextTokenizer tokenizer, TaskConfiguration configuration, Runnable release) {
        this.encoder = encoder;
        this.tokenizer = tokenizer;
        this.configuration = configuration;
        this.release = release;
    }

    TextTokenizer tokenizer() {
        return tokenizer;
    }

    TaskConfiguration configuration() {
        return configuration;
    }

    int maximumLength() {
        return Math.min(configuration.maximumLength(), encoder.maximumLength());
    }

    boolean hasOutput(String name) {
        return encoder.outputNames().contains(name);
    }

    /** Refuses the task where the model lacks an output that it needs. */
    void require(String task, String... names) {
        for (String name : names) {
            if (!hasOutput(name)) {
                throw unfit(task, "it has no output " + name + ", only " + encoder.outputNames());
            }
        }
    }

    /** What refuses a task, of category {@code USAGE}. */
    static HoneException unfit(String task, String reason) {
        return new HoneException(
                Category.USAGE,
                "this model cannot be used for " + task + ": " + reason + "; choose the task that fits its head");
    }

    /** Answers in the order of the texts. */
    <T> List<T> answer(List<TextInput> inputs, int tokenBudget, Reading<T> reading) {
        var answers = new ArrayList<T>(inputs.size());
        for (int from = 0; from < inputs.size(); from += CHUNK) {
            answers.addAll(
                    answerChunk(inputs.subList(from, Math.min(from + CHUNK, inputs.size())), tokenBudget, reading));
        }
        return answers;
    }

    /** Answers one after the other as they are asked for, holding only some hundred texts at a time. */
    <T> Stream<T> stream(Stream<TextInput> inputs, int tokenBudget, Reading<T> reading) {
        return inputs.gather(Gatherers.windowFixed(CHUNK))
                .flatMap(chunk -> answerChunk(chunk, tokenBudget, reading).stream());
    }

    private <T> List<T> answerChunk(List<TextInput> inputs, int tokenBudget, Reading<T> reading) {
        checkOpen();
        List<Encoding> encodings = inputs.stream().map(this::encode).toList();
        List<T> answers = new ArrayList<>(Collections.nCopies(inputs.size(), null));
        LengthBatches.run(
                encoder,
                encodings,
                tokenBudget,
                (index, outputs) -> answers.set(index, reading.read(inputs.get(index), encodings.get(index), outputs)));
        return answers;
    }

    /** Runs sequences that were encoded already. */
    void run(List<Encoding> encodings, LengthBatches.Receiver receiver) {
        checkOpen();
        LengthBatches.run(encoder, encodings, TOKEN_BUDGET, receiver);
    }

    private Encoding encode(TextInput input) {
        String second = input.second();
        return second == null
                ? tokenizer.encode(input.text(), maximumLength())
                : tokenizer.encode(input.text(), second, maximumLength());
    }

    void checkOpen() {
        if (closed.get()) {
            throw new HoneException(Category.CLOSED, "the model is closed; open it again");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
