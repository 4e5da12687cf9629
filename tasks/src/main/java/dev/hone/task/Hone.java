package dev.hone.task;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.session.Encoder;
import dev.hone.session.Session;
import dev.hone.tokenize.TextTokenizer;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A model that was opened to answer questions about texts.
 *
 * <p>{@snippet :
 * try (var embedder = Hone.load(path).embedder()) {
 *     float[][] vectors = embedder.embed(texts);
 * }
 * }
 *
 * <p>The model stays open while a task made from it is; closing the last one closes the model. Several tasks may share
 * it, from several threads.
 */
public final class Hone implements AutoCloseable {
    private final Encoder encoder;
    private final TextTokenizer tokenizer;
    private final TaskConfiguration configuration;
    private int openTasks;
    private boolean closed;

    private Hone(Encoder encoder, TextTokenizer tokenizer, TaskConfiguration configuration) {
        this.encoder = encoder;
        this.tokenizer = tokenizer;
        this.configuration = configuration;
    }

    /** Loads and compiles a model for this computer; see {@link #load(Path, LoadOptions)}. */
    public static Hone load(Path model) {
        return load(model, LoadOptions.defaults());
    }

    /**
     * Loads and compiles a model for this computer; one that was compiled before is opened in the precision that it
     * has.
     *
     * @param model a directory in the layout of Hugging Face, an ONNX file with the tokenizer beside it, or what
     *     {@code hone compile} wrote
     * @throws HoneException of category {@code CHECKPOINT} when a file is missing or damaged, of category
     *     {@code UNSUPPORTED} when the model is of a kind that is not known
     */
    public static Hone load(Path model, LoadOptions options) {
        TaskConfiguration configuration = TaskConfiguration.read(model).withMaximumLength(options.maximumLength());
        return open(() -> Session.openAsCompiled(model, options.session()), ModelDirectory.of(model), configuration);
    }

    /**
     * Opens the tokenizer beside an encoder: neither needs the other, and each takes as long as a start may take.
     *
     * @param encoder opens the encoder, on this thread
     * @param folder where the tokenizer's files are
     */
    public static Hone open(Supplier<? extends Encoder> encoder, Path folder, TaskConfiguration configuration) {
        try (var tokenizer = Background.start(() -> TextTokenizer.open(folder), TextTokenizer::close)) {
            Encoder opened = encoder.get();
            try {
                return of(opened, tokenizer.take(), configuration);
            } catch (RuntimeException | Error failure) {
                opened.close();
                throw failure;
            }
        }
    }

    /** Loads the sentence embedding model that lies on the class path; see {@link EmbeddedModel}. */
    public static Hone embedded() {
        return load(EmbeddedModel.directory());
    }

    /** The tasks on any engine; encoder and tokenizer are closed with the last task. */
    public static Hone of(Encoder encoder, TextTokenizer tokenizer, TaskConfiguration configuration) {
        return new Hone(encoder, tokenizer, configuration);
    }

    /** Vectors of texts. */
    public Embedder embedder() {
        return open(Embedder::new);
    }

    /** Labels of texts or of pairs of texts. */
    public TextClassifier classifier() {
        return open(TextClassifier::new);
    }

    /** Entities in texts, tokens put together as {@link Aggregation#SIMPLE} does. */
    public TokenClassifier tokenClassifier() {
        return tokenClassifier(Aggregation.SIMPLE);
    }

    /** Entities in texts. */
    public TokenClassifier tokenClassifier(Aggregation aggregation) {
        return open(model -> new TokenClassifier(model, aggregation));
    }

    /** Answers to questions from a context. */
    public QuestionAnswerer questionAnswerer() {
        return questionAnswerer(QuestionOptions.DEFAULT);
    }

    /** Answers to questions from a context. */
    public QuestionAnswerer questionAnswerer(QuestionOptions options) {
        return open(model -> new QuestionAnswerer(model, options));
    }

    /** Tokens for masked places. */
    public MaskFiller maskFiller() {
        return open(MaskFiller::new);
    }

    /** Token ids and outputs as they are. */
    public RawOutputs rawOutputs() {
        return open(RawOutputs::new);
    }

    /** What the model was trained for, from its outputs and the name of its architecture. */
    public TaskKind task() {
        if (encoder.outputNames().contains("start_logits")) {
            return TaskKind.QUESTION;
        }
        if (encoder.outputNames().contains("logits")) {
            return configuration.task().orElse(TaskKind.CLASSIFICATION);
        }
        return TaskKind.EMBEDDING;
    }

    /** What the model's files say beside its weights. */
    public TaskConfiguration configuration() {
        return configuration;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try (tokenizer) {
                encoder.close();
            }
        }
    }

    private <T> T open(Function<TextModel, T> make) {
        acquire();
        var model = new TextModel(encoder, tokenizer, configuration, this::release);
        try {
            return make.apply(model);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private synchronized void acquire() {
        if (closed) {
            throw new HoneException(Category.CLOSED, "the model is closed; load it again");
        }
        openTasks++;
    }

    private synchronized void release() {
        openTasks--;
        if (openTasks == 0) {
            close();
        }
    }
}
