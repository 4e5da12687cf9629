package dev.hone.json;

import java.nio.charset.StandardCharsets;

/** What stands for one character in a JSON string and is longer than a byte: escapes, and UTF-8 beyond ASCII. */
final class JsonEscapes {
    private static final String SHORT = "\"\\/bfnrt";
    private static final String MEANT = "\"\\/\b\f\n\r\t";
    private static final int HEX_DIGITS = 4;
    private static final int ESCAPED_UNIT = 2 + HEX_DIGITS;

    private JsonEscapes() {}

    /** Bytes of the escape that begins at a backslash; 0 where it is none, below 0 for half a surrogate pair. */
    static int length(byte[] text, int at) {
        if (at + 1 >= text.length) {
            return 0;
        }
        if (text[at + 1] != 'u') {
            return SHORT.indexOf(text[at + 1]) < 0 ? 0 : 2;
        }
        int unit = unit(text, at);
        if (unit < 0) {
            return 0;
        }
        if (Character.isLowSurrogate((char) unit)) {
            return -1;
        }
        if (Character.isHighSurrogate((char) unit)) {
            int low = unit(text, at + ESCAPED_UNIT);
            return low >= 0 && Character.isLowSurrogate((char) low) ? 2 * ESCAPED_UNIT : -1;
        }
        return ESCAPED_UNIT;
    }

    /** The number behind a backslash and a u; below 0 where there is none. */
    private static int unit(byte[] text, int at) {
        if (at + ESCAPED_UNIT > text.length || text[at] != '\\' || text[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int index = 0; index < HEX_DIGITS; index++) {
            int digit = text[at + 2 + index] < 0 ? -1 : Character.digit((char) text[at + 2 + index], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /** The text of checked bytes. */
    static String resolve(byte[] text, int from, int to) {
        StringBuilder resolved = new StringBuilder(to - from);
        int plain = from;
        int at = from;
        while (at < to) {
            if (text[at] != '\\') {
                at++;
                continue;
            }
            resolved.append(new String(text, plain, at - plain, StandardCharsets.UTF_8));
            if (text[at + 1] == 'u') {
                resolved.append((char) unit(text, at));
                at += ESCAPED_UNIT;
            } else {
                resolved.append(MEANT.charAt(SHORT.indexOf(text[at + 1])));
                at += 2;
            }
            plain = at;
        }
        return resolved.append(new String(text, plain, to - plain, StandardCharsets.UTF_8))
                .toString();
    }

    /** Bytes of the character that begins at a byte beyond ASCII, after table 3-7 of Unicode 16; 0 where it is none. */
    static int wideLength(byte[] text, int at) {
        int first = text[at] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || at + length > text.length) {
            return 0;
        }
        int second = text[at + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int index = 2; index < length; index++) {
            if ((text[at + index] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
