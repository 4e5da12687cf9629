package dev.hone.tokenize;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * Turns texts into token ids with the Hugging Face tokenizers library.
 *
 * <p>Texts are cut to a maximum length as {@code longest_first} does and never padded. Lone surrogates count as U+FFFD.
 * Safe for concurrent calls; after {@link #close()} every call throws {@link HoneException} of category {@code CLOSED}.
 */
public final class TextTokenizer implements AutoCloseable {
    static {
        // The library is inside the jar; without this setting a machine with a GPU would try to download another one.
        setUnlessGiven("ai.djl.offline", "true");
        // The binding logs through SLF4J, which warns on standard error when the application brings no logger.
        setUnlessGiven("slf4j.internal.verbosity", "ERROR");
    }

    private final HuggingFaceTokenizer tokenizer;
    private final TokenizerDescription description;
    private final SequenceTemplate single;
    private final SequenceTemplate pair;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final LongAdder busyNanos = new LongAdder();
    private boolean closed;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, TokenizerDescription description) {
        this.tokenizer = tokenizer;
        this.description = description;
        this.single = SequenceTemplate.learn(example(tokenizer.encode("a", true, false)), 1);
        this.pair = SequenceTemplate.learn(example(tokenizer.encode("a", "a", true, false)), 2);
    }

    /**
     * Opens the tokenizer of a model directory: tokenizer.json, or vocab.txt with tokenizer_config.json for WordPiece.
     *
     * @throws HoneException of category {@code CHECKPOINT} when neither is there or one is damaged
     */
    public static TextTokenizer open(Path directory) {
        return of(TokenizerDescription.read(directory), directory.toString());
    }

    /** Opens a tokenizer from the content of a tokenizer.json. */
    public static TextTokenizer fromJson(byte[] json) {
        return of(TokenizerDescription.fromJson(json), "tokenizer.json");
    }

    private static TextTokenizer of(TokenizerDescription description, String place) {
        HuggingFaceTokenizer tokenizer;
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(description.json()), Map.of("padding", "false", "truncation", "false"));
        } catch (IOException | RuntimeException | UnsatisfiedLinkError | ExceptionInInitializerError e) {
            throw new HoneException(
                    Category.CHECKPOINT, place + ": the tokenizer cannot be read: " + e.getMessage(), e);
        }
        try {
            return new TextTokenizer(tokenizer, description);
        } catch (HoneException e) {
            tokenizer.close();
            throw e;
        } catch (RuntimeException e) {
            tokenizer.close();
            throw new HoneException(
                    Category.CHECKPOINT, place + ": the tokenizer cannot encode the letter 'a': " + e.getMessage(), e);
        }
    }

    /** Encodes one text with its special tokens, cut to at most {@code maximumLength} tokens. */
    public Encoding encode(String text, int maximumLength) {
        RawTokens tokens = tokens(text);
        int room = room(single, maximumLength);
        return single.assemble(tokens.slice(0, Math.min(room, tokens.length())));
    }

    /** Encodes a pair of texts with special tokens, the longer text cut first as {@code longest_first} does. */
    public Encoding encode(String first, String second, int maximumLength) {
        RawTokens firstTokens = tokens(first);
        RawTokens secondTokens = tokens(second);
        PairLengths lengths =
                new PairLengths(firstTokens.length(), secondTokens.length()).cutTo(room(pair, maximumLength));
        return pair.assemble(firstTokens.slice(0, lengths.first()), secondTokens.slice(0, lengths.second()));
    }

    /**
     * Encodes a question with each window of a long context. Neighbouring windows share {@code stride} tokens, fewer
     * where the window itself is not longer than that.
     *
     * @throws HoneException of category {@code INPUT} when the question leaves no room for the context
     */
    public List<Encoding> windows(String question, String context, int maximumLength, int stride) {
        RawTokens questionTokens = tokens(question);
        RawTokens contextTokens = tokens(context);
        int room = room(pair, maximumLength) - questionTokens.length();
        if (room < 1) {
            throw new HoneException(
                    Category.INPUT,
                    "a question of " + questionTokens.length() + " tokens leaves no room for its context in "
                            + maximumLength + " tokens; shorten the question or raise the maximum length");
        }
        int step = room - Math.min(stride, room / 2);
        var windows = new ArrayList<Encoding>();
        int from = 0;
        int to;
        do {
            to = Math.min(from + room, contextTokens.length());
            windows.add(pair.assemble(questionTokens, contextTokens.slice(from, to)));
            from += step;
        } while (to < contextTokens.length());
        return windows;
    }

    /** The text that the tokens stand for, spelled as the decoder of the tokenizer does. */
    public String decode(int[] ids) {
        long[] wide = new long[ids.length];
        for (int index = 0; index < ids.length; index++) {
            wide[index] = ids[index];
        }
        return whileOpen(open -> open.decode(wide, false));
    }

    /** What the tokenizer's files say about it, for example its mask token. */
    public TokenizerDescription description() {
        return description;
    }

    /** Time that was spent on turning texts into tokens since the tokenizer was opened, over all threads. */
    public long busyNanos() {
        return busyNanos.sum();
    }

    /** The id of a token of the vocabulary given by its spelling, for example {@code [MASK]}; -1 when it is none. */
    public int idOf(String token) {
        RawTokens tokens = tokens(token);
        return tokens.length() == 1 && tokens.tokens()[0].equals(token) ? tokens.ids()[0] : -1;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                tokenizer.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private RawTokens tokens(String text) {
        long begin = System.nanoTime();
        String wellFormed = UnicodeText.wellFormed(text);
        RawTokens tokens = whileOpen(open -> raw(open.encode(wellFormed, false, false)));
        busyNanos.add(System.nanoTime() - begin);
        return tokens;
    }

    private <T> T whileOpen(Function<HuggingFaceTokenizer, T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new HoneException(Category.CLOSED, "the tokenizer is closed; open the model again");
            }
            return work.apply(tokenizer);
        } catch (HoneException e) {
            throw e;
        } catch (RuntimeException e) {
            // The native library reports what its files lack, such as the unknown token, when a text first needs it.
            throw new HoneException(Category.CHECKPOINT, "the tokenizer cannot encode this text: " + e.getMessage(), e);
        } finally {
            lock.readLock().unlock();
        }
    }

    private static int room(SequenceTemplate template, int maximumLength) {
        int room = maximumLength - template.specialCount();
        if (room < 0) {
            throw new HoneException(
                    Category.USAGE,
                    "a maximum length of " + maximumLength + " tokens does not hold the " + template.specialCount()
                            + " special tokens; give a larger one");
        }
        return room;
    }

    private static RawTokens raw(ai.djl.huggingface.tokenizers.Encoding encoding) {
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] starts = new int[spans.length];
        int[] ends = new int[spans.length];
        for (int token = 0; token < spans.length; token++) {
            starts[token] = spans[token].getStart();
            ends[token] = spans[token].getEnd();
        }
        return new RawTokens(
                narrow(encoding.getIds()), encoding.getTokens(), starts, ends, narrow(encoding.getWordIds()));
    }

    private static SequenceTemplate.Example example(ai.djl.huggingface.tokenizers.Encoding encoding) {
        return new SequenceTemplate.Example(
                narrow(encoding.getIds()),
                narrow(encoding.getTypeIds()),
                encoding.getTokens(),
                narrow(encoding.getSequenceIds()));
    }

    private static int[] narrow(long[] values) {
        int[] narrow = new int[values.length];
        for (int index = 0; index < values.length; index++) {
            narrow[index] = Math.toIntExact(values[index]);
        }
        return narrow;
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
