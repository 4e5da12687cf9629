package dev.hone.tokenize;

import java.util.Arrays;

/** Fills the arrays of an {@link Encoding} from front to back. */
final class EncodingWriter {
    private final Encoding encoding;
    private int position;

    EncodingWriter(int length) {
        encoding = new Encoding(
                new int[length],
                new int[length],
                new String[length],
                new int[length],
                new int[length],
                new boolean[length],
                new int[length],
                new int[length]);
    }

    void add(SequenceTemplate.Specials specials) {
        int count = specials.ids().length;
        System.arraycopy(specials.ids(), 0, encoding.ids(), position, count);
        System.arraycopy(specials.types(), 0, encoding.types(), position, count);
        System.arraycopy(specials.tokens(), 0, encoding.tokens(), position, count);
        Arrays.fill(encoding.special(), position, position + count, true);
        Arrays.fill(encoding.words(), position, position + count, -1);
        Arrays.fill(encoding.sequences(), position, position + count, -1);
        position += count;
    }

    void add(RawTokens text, int type, int sequence) {
        int count = text.length();
        System.arraycopy(text.ids(), 0, encoding.ids(), position, count);
        System.arraycopy(text.tokens(), 0, encoding.tokens(), position, count);
        System.arraycopy(text.starts(), 0, encoding.starts(), position, count);
        System.arraycopy(text.ends(), 0, encoding.ends(), position, count);
        System.arraycopy(text.words(), 0, encoding.words(), position, count);
        Arrays.fill(encoding.types(), position, position + count, type);
        Arrays.fill(encoding.sequences(), position, position + count, sequence);
        position += count;
    }

    Encoding finish() {
        if (position != encoding.length()) {
            throw new IllegalStateException("wrote " + position + " of " + encoding.length() + " tokens");
        }
        return encoding;
    }
}
