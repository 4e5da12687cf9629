package dev.hone.tokenize;

/** Text as users give it, which may hold lone surrogates, and positions counted in code points. */
public final class UnicodeText {
    private static final char REPLACEMENT = '\uFFFD';

    private UnicodeText() {}

    /**
     * The text with each lone surrogate replaced by U+FFFD. A lone surrogate and its replacement are both one code
     * point and one {@code char}, so every offset stays right.
     */
    public static String wellFormed(String text) {
        int position = firstLoneSurrogate(text, 0);
        if (position < 0) {
            return text;
        }
        char[] characters = text.toCharArray();
        while (position >= 0) {
            characters[position] = REPLACEMENT;
            position = firstLoneSurrogate(text, position + 1);
        }
        return new String(characters);
    }

    private static int firstLoneSurrogate(String text, int from) {
        int index = from;
        while (index < text.length()) {
            int codePoint = text.codePointAt(index);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return index;
            }
            index += Character.charCount(codePoint);
        }
        return -1;
    }

    /** The characters from code point {@code start} to before code point {@code end}. */
    public static String slice(String text, int start, int end) {
        int from = text.offsetByCodePoints(0, start);
        return text.substring(from, text.offsetByCodePoints(from, end - start));
    }
}
