package dev.hone.tokenize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the files of a tokenizer say: the tokenizer.json, given or made from vocab.txt, and tokenizer_config.json. */
public final class TokenizerDescription {
    // A vocabulary of 250,000 entries takes some 20 MB; the limit only stops files that are no tokenizer at all.
    private static final long LARGEST_FILE_BYTES = 256L << 20;

    private final byte[] json;
    private final JsonValue configuration;
    private final Model model;

    private TokenizerDescription(byte[] json, JsonValue configuration, String place) {
        this.json = json;
        this.configuration = configuration;
        this.model = TokenizerJson.check(json, place);
    }

    static TokenizerDescription fromJson(byte[] json) {
        return new TokenizerDescription(json, JsonValue.EMPTY, "tokenizer.json");
    }

    static TokenizerDescription read(Path directory) {
        JsonValue configuration = readConfiguration(directory.resolve("tokenizer_config.json"));
        Path json = directory.resolve("tokenizer.json");
        if (Files.isRegularFile(json)) {
            return new TokenizerDescription(readBytes(json), configuration, json.toString());
        }
        Path vocabulary = directory.resolve("vocab.txt");
        if (Files.isRegularFile(vocabulary)) {
            return new TokenizerDescription(
                    WordPieceDescription.toJson(readBytes(vocabulary), configuration, vocabulary.toString()),
                    configuration,
                    vocabulary.toString());
        }
        throw new HoneException(
                Category.CHECKPOINT,
                directory + ": neither tokenizer.json nor vocab.txt is there; save the tokenizer beside the model, "
                        + "for example with tokenizer.save_pretrained");
    }

    private static JsonValue readConfiguration(Path file) {
        if (!Files.isRegularFile(file)) {
            return JsonValue.EMPTY;
        }
        try {
            return JsonValue.parse(readBytes(file));
        } catch (IllegalArgumentException e) {
            throw new HoneException(Category.CHECKPOINT, file + ": not valid JSON: " + e.getMessage(), e);
        }
    }

    private static byte[] readBytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST_FILE_BYTES) {
                throw new HoneException(
                        Category.CHECKPOINT, file + ": " + size + " bytes is too large for a tokenizer file");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new HoneException(Category.CHECKPOINT, file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    byte[] json() {
        return json;
    }

    /** Value of {@code mask_token}, where tokenizer_config.json names one. */
    public Optional<String> maskToken() {
        JsonValue token = configuration.path("mask_token");
        return Optional.ofNullable((token.isObject() ? token.path("content") : token).text());
    }

    /** Value of {@code model_max_length}, where tokenizer_config.json gives a number that bounds anything. */
    public Optional<Integer> maximumLength() {
        int most = configuration.path("model_max_length").positive(0);
        return most > 0 ? Optional.of(most) : Optional.empty();
    }

    /**
     * What the description says of the model inside the tokenizer.
     *
     * @param continuationPrefix how continuing pieces of a word are marked, {@code ##} for WordPiece; empty for models
     *     that mark words otherwise
     * @param unknownToken the token that stands for unknown text
     */
    public record Model(Optional<String> continuationPrefix, Optional<String> unknownToken) {}

    /** What the description says of the model inside the tokenizer. */
    public Model model() {
        return model;
    }
}
