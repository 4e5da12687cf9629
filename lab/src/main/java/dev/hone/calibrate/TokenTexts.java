package dev.hone.calibrate;

import dev.hone.FileFailure;
import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.session.TokenBatch;
import dev.hone.task.TextInput;
import dev.hone.tensor.Tensor;
import dev.hone.tokenize.Encoding;
import dev.hone.tokenize.TextTokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Token ids to run a model on: of texts, or drawn where a model has no tokenizer. */
public final class TokenTexts {
    private static final int LONGEST_DRAWN = 64;

    private TokenTexts() {}

    /**
     * The first lines of a file that are not blank.
     *
     * @param most at least 1
     * @throws HoneException of category {@code INPUT} when it cannot be read, is not UTF-8 or holds nothing
     */
    public static List<String> lines(Path file, int most) {
        List<String> texts = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null && texts.size() < most) {
                if (!line.isBlank()) {
                    texts.add(line);
                }
                line = reader.readLine();
            }
        } catch (CharacterCodingException malformed) {
            throw new HoneException(
                    Category.INPUT, file + ": not UTF-8 text; give a file with a text a line", malformed);
        } catch (IOException unreadable) {
            throw new HoneException(
                    Category.INPUT,
                    file + ": cannot be read: " + FileFailure.whileReading(unreadable)
                            + "; give a file with a text a line",
                    unreadable);
        }
        if (texts.isEmpty()) {
            throw new HoneException(Category.INPUT, file + ": it holds no text; give a file with a text a line");
        }
        return texts;
    }

    /** Each text or pair as a batch of its own, cut at a number of tokens. */
    public static List<TokenBatch> encoded(List<TextInput> texts, TextTokenizer tokenizer, int longest) {
        List<TokenBatch> batches = new ArrayList<>();
        for (TextInput input : texts) {
            String second = input.second();
            Encoding encoding = second == null
                    ? tokenizer.encode(input.text(), longest)
                    : tokenizer.encode(input.text(), second, longest);
            batches.add(new TokenBatch(new int[][] {encoding.ids()}, new int[][] {encoding.types()}));
        }
        return batches;
    }

    /** Sequences of random ids and lengths, the same ones for the same seed. */
    public static List<TokenBatch> drawn(int count, int vocabulary, int longest, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TokenBatch> batches = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int length = random.nextInt(1, Math.min(longest, LONGEST_DRAWN) + 1);
            batches.add(TokenBatch.of(random.ints(length, 0, vocabulary).toArray()));
        }
        return batches;
    }

    /**
     * The number of token ids that a model knows: the rows of the table that it looks them up in.
     *
     * @throws HoneException of category {@code UNSUPPORTED} when no such table is found
     */
    public static int vocabulary(Path onnx) {
        try (EditableModel model = EditableModel.open(onnx)) {
            for (EditableNode node : model.nodes()) {
                boolean embeds = node.operator().equals("EmbedLayerNormalization");
                Optional<Tensor> table = model.constant(node.input(embeds ? 2 : 0));
                boolean fetches = node.is("Gather") && isTokenIds(model, node.input(1));
                if ((embeds || fetches) && table.isPresent()) {
                    return Math.toIntExact(table.get().shape().dim(0).value());
                }
            }
        }
        throw new HoneException(
                Category.UNSUPPORTED,
                onnx + ": no table of token ids is found; put the tokenizer.json of the model beside the file");
    }

    /** The ids themselves or what an exporter did to them, such as a cast. */
    private static boolean isTokenIds(EditableModel model, String value) {
        return value.equals("input_ids")
                || model.producer(value)
                        .filter(node -> node.is("Cast"))
                        .map(node -> isTokenIds(model, node.input(0)))
                        .orElse(false);
    }
}
