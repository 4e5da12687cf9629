package dev.hone.tokenize;

import dev.hone.HoneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which special tokens stand before, between and after the texts, learnt by looking at one encoded example.
 *
 * @param around the special tokens before the first text, then after each text
 * @param types the token type of each text
 */
record SequenceTemplate(List<Specials> around, List<Integer> types) {
    /** A run of special tokens. */
    @SuppressWarnings("ArrayRecordComponent") // Few, small, never handed out.
    record Specials(int[] ids, int[] types, String[] tokens) {
        static Specials of(Example example, int from, int to) {
            return new Specials(
                    Arrays.copyOfRange(example.ids(), from, to),
                    Arrays.copyOfRange(example.types(), from, to),
                    Arrays.copyOfRange(example.tokens(), from, to));
        }
    }

    /** An encoded example with special tokens; {@code sequences} is negative for them. */
    @SuppressWarnings("ArrayRecordComponent") // Lives only while a template is learnt.
    record Example(int[] ids, int[] types, String[] tokens, int[] sequences) {}

    /** The template of a single text (one sequence in the example) or of a pair (two). */
    static SequenceTemplate learn(Example example, int texts) {
        var around = new ArrayList<Specials>();
        var types = new ArrayList<Integer>();
        int position = 0;
        for (int text = 0; text < texts; text++) {
            int first = firstOf(example, text);
            around.add(Specials.of(example, position, first));
            types.add(example.types()[first]);
            position = first;
            while (position < example.ids().length && example.sequences()[position] == text) {
                position++;
            }
        }
        around.add(Specials.of(example, position, example.ids().length));
        return new SequenceTemplate(List.copyOf(around), List.copyOf(types));
    }

    private static int firstOf(Example example, int text) {
        for (int position = 0; position < example.ids().length; position++) {
            if (example.sequences()[position] == text) {
                return position;
            }
        }
        throw new HoneException(
                HoneException.Category.CHECKPOINT,
                "the tokenizer has no token for the letter 'a', so its special tokens cannot be told from text; "
                        + "check tokenizer.json");
    }

    /** Number of special tokens. */
    int specialCount() {
        return around.stream().mapToInt(part -> part.ids().length).sum();
    }

    /** Puts the special tokens around the texts. */
    Encoding assemble(RawTokens... texts) {
        int length = specialCount()
                + Arrays.stream(texts).mapToInt(RawTokens::length).sum();
        var writer = new EncodingWriter(length);
        writer.add(around.getFirst());
        for (int text = 0; text < texts.length; text++) {
            writer.add(texts[text], types.get(text), text);
            writer.add(around.get(text + 1));
        }
        return writer.finish();
    }
}
