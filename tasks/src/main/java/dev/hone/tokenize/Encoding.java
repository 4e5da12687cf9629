package dev.hone.tokenize;

/**
 * The tokens of a text or of a pair of texts, special tokens included; all arrays have one value a token.
 *
 * @param ids vocabulary ids
 * @param types token types (segments)
 * @param tokens the tokens as the vocabulary spells them, for example {@code ##ing}
 * @param starts first character of the token in its own text, in code points; 0 for special tokens
 * @param ends character after the last one of the token, in code points; 0 for special tokens
 * @param special whether the token was added by the template and stands for no text
 * @param words index of the word inside its text that the token belongs to; -1 for special tokens
 * @param sequences 0 for the first text, 1 for the second; -1 for special tokens
 */
@SuppressWarnings("ArrayRecordComponent") // Hot data, one object a text; handed over without a copy.
public record Encoding(
        int[] ids,
        int[] types,
        String[] tokens,
        int[] starts,
        int[] ends,
        boolean[] special,
        int[] words,
        int[] sequences) {

    /** Number of tokens, special tokens included. */
    public int length() {
        return ids.length;
    }
}
