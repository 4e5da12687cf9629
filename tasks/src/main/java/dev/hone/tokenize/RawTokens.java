package dev.hone.tokenize;

import java.util.Arrays;

/** The tokens of one text before special tokens are put around them; offsets in code points. */
@SuppressWarnings("ArrayRecordComponent") // Lives only while one text is encoded.
record RawTokens(int[] ids, String[] tokens, int[] starts, int[] ends, int[] words) {
    int length() {
        return ids.length;
    }

    RawTokens slice(int from, int to) {
        if (from == 0 && to == length()) {
            return this;
        }
        return new RawTokens(
                Arrays.copyOfRange(ids, from, to),
                Arrays.copyOfRange(tokens, from, to),
                Arrays.copyOfRange(starts, from, to),
                Arrays.copyOfRange(ends, from, to),
                Arrays.copyOfRange(words, from, to));
    }
}
