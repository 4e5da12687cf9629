package dev.hone.task;

import dev.hone.tokenize.Encoding;
import java.util.List;
import java.util.stream.Stream;

/**
 * Turns texts into vectors, so that texts of like meaning have a high cosine.
 *
 * <p>Safe for concurrent calls. Texts longer than {@link #maximumLength()} tokens are cut at the end.
 */
public final class Embedder implements AutoCloseable {
    private static final String POOLED = "sentence_embedding";
    private static final String TOKENS = "last_hidden_state";

    private final TextModel model;
    private final boolean pooledByEncoder;

    Embedder(TextModel model) {
        this.model = model;
        this.pooledByEncoder = model.hasOutput(POOLED);
        model.require("embeddings", pooledByEncoder ? POOLED : TOKENS);
    }

    /** One vector a text, in the order of the texts. */
    public float[][] embed(List<String> texts) {
        return model.answer(inputs(texts.stream()).toList(), TextModel.TOKEN_BUDGET, this::read)
                .toArray(float[][]::new);
    }

    /** The vector of one text. */
    public float[] embed(String text) {
        return embed(List.of(text))[0];
    }

    /** As {@link #embed(List)}, for more texts than fit in memory: each vector is made when it is asked for. */
    public Stream<float[]> embed(Stream<String> texts) {
        return model.stream(inputs(texts), TextModel.TOKEN_BUDGET, this::read);
    }

    /** Most tokens of a text that count, special tokens included. */
    public int maximumLength() {
        return model.maximumLength();
    }

    private float[] read(TextInput input, Encoding encoding, SequenceOutputs outputs) {
        return pooledByEncoder
                ? outputs.rows(POOLED).row(0)
                : model.configuration().pooling().apply(outputs.rows(TOKENS));
    }

    private static Stream<TextInput> inputs(Stream<String> texts) {
        return texts.map(TextInput::of);
    }

    @Override
    public void close() {
        model.close();
    }
}
