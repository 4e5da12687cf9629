package dev.hone.measure;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of one measured batch.
 *
 * @param batch sequences, at least 1
 * @param sequence tokens of every sequence, at least 1
 */
public record InputShape(int batch, int sequence) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})x(\\d{1,7})");
    private static final int MOST_TOKENS = 1 << 22;

    public InputShape {
        if (batch < 1 || sequence < 1 || (long) batch * sequence > MOST_TOKENS) {
            throw new HoneException(
                    Category.USAGE,
                    "shape " + batch + "x" + sequence + ": batch and sequence are at least 1 and their product at most "
                            + MOST_TOKENS);
        }
    }

    /** Parses {@code BATCHxSEQUENCE}, for example {@code 8x128}. */
    public static InputShape parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new HoneException(
                    Category.USAGE, "shape '" + text + "': write it as BATCHxSEQUENCE, for example 1x128");
        }
        return new InputShape(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Parses shapes with commas between them. */
    public static List<InputShape> parseAll(String text) {
        List<InputShape> shapes = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            shapes.add(parse(part));
        }
        return List.copyOf(shapes);
    }

    /** Every batch with every length. */
    public static List<InputShape> grid(List<Integer> batches, List<Integer> lengths) {
        List<InputShape> shapes = new ArrayList<>();
        for (int batch : batches) {
            lengths.forEach(length -> shapes.add(new InputShape(batch, length)));
        }
        return List.copyOf(shapes);
    }

    /** A batch of this shape with replayable ids; what the ids are does not change the work. */
    public TokenBatch tokens(int vocabulary, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // The first thousand ids of the usual vocabularies are special or unused.
        int lowest = vocabulary > 2000 ? 1000 : 0;
        int[][] ids = new int[batch][sequence];
        for (int[] row : ids) {
            for (int token = 0; token < sequence; token++) {
                row[token] = random.nextInt(lowest, vocabulary);
            }
        }
        return TokenBatch.of(ids);
    }

    @Override
    public String toString() {
        return batch + "x" + sequence;
    }
}
