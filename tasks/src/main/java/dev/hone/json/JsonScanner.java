package dev.hone.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks along a JSON text (RFC 8259) in UTF-8 and checks each of its characters: values are read or skipped one by one.
 *
 * <p>Every method throws {@link IllegalArgumentException}, with what is wrong and at which byte. Besides the grammar it
 * refuses half surrogate pairs, numbers beyond those of 64 bits and more than {@value #DEEPEST} levels.
 */
public final class JsonScanner {
    /** Some parsers that are given the same text give up at 128 levels. */
    private static final int DEEPEST = 100;

    /** Without an exponent, a number of so many characters is within those of 64 bits. */
    private static final int PLAIN_DIGITS = 300;

    private final byte[] text;
    private int at;
    private int depth;

    public JsonScanner(byte[] text) {
        this.text = text;
        boolean marked = text.length >= 3 && text[0] == (byte) 0xef && text[1] == (byte) 0xbb && text[2] == (byte) 0xbf;
        this.at = marked ? 3 : 0;
    }

    /** The value that begins here. */
    public JsonValue value() {
        return switch (peek()) {
            case '{' -> {
                Map<String, JsonValue> fields = new LinkedHashMap<>();
                for (boolean more = open('{', '}'); more; more = next('}')) {
                    String name = name();
                    fields.put(name, value());
                }
                yield new JsonValue(fields);
            }
            case '[' -> {
                List<JsonValue> elements = new ArrayList<>();
                for (boolean more = open('[', ']'); more; more = next(']')) {
                    elements.add(value());
                }
                yield new JsonValue(elements);
            }
            case '"' -> new JsonValue(string());
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> {
                word("null", Boolean.FALSE);
                yield JsonValue.MISSING;
            }
            default -> new JsonValue(number());
        };
    }

    /** Moves behind the value that begins here, checking it. */
    public void skip() {
        switch (peek()) {
            case '{' -> {
                for (boolean more = open('{', '}'); more; more = next('}')) {
                    skipString();
                    expect(':');
                    skip();
                }
            }
            case '[' -> {
                for (boolean more = open('[', ']'); more; more = next(']')) {
                    skip();
                }
            }
            case '"' -> skipString();
            case 't', 'f', 'n' -> value();
            default -> skipNumber();
        }
    }

    /** A vocabulary numbers its tokens: what cannot be too large is not made a number. */
    private void skipNumber() {
        int start = at;
        boolean hasExponent = checkNumber();
        if (hasExponent || at - start > PLAIN_DIGITS) {
            at = start;
            number();
        }
    }

    /** Whether an object begins here. */
    public boolean isObject() {
        return peek() == '{';
    }

    /** Moves into an object; whether it has a field. */
    public boolean firstField() {
        return open('{', '}');
    }

    /** Moves behind a field's value; whether another field follows. */
    public boolean nextField() {
        return next('}');
    }

    /** The name of a field, which its value follows. */
    public String name() {
        if (peek() != '"') {
            throw failure("the name of a field is expected");
        }
        String name = string();
        expect(':');
        return name;
    }

    /** Checks that nothing follows. */
    public void end() {
        skipBlanks();
        if (at < text.length) {
            throw failure("something follows its end");
        }
    }

    private boolean open(char begin, char end) {
        expect(begin);
        if (++depth > DEEPEST) {
            throw failure("its nesting has more than " + DEEPEST + " levels");
        }
        if (peek() == end) {
            at++;
            depth--;
            return false;
        }
        return true;
    }

    private boolean next(char end) {
        int mark = peek();
        if (mark != ',' && mark != end) {
            throw failure("a comma or '" + end + "' is expected");
        }
        at++;
        depth -= mark == end ? 1 : 0;
        return mark == ',';
    }

    private JsonValue word(String word, Boolean value) {
        for (int index = 0; index < word.length(); index++) {
            if (at == text.length || text[at] != word.charAt(index)) {
                throw failure("'" + word + "' is expected");
            }
            at++;
        }
        return new JsonValue(value);
    }

    private Double number() {
        int start = at;
        checkNumber();
        Double number = Double.valueOf(new String(text, start, at - start, StandardCharsets.US_ASCII));
        if (number.isInfinite()) {
            throw failure("a number is too large");
        }
        return number;
    }

    /** Moves behind a number; whether it has an exponent. */
    private boolean checkNumber() {
        if (text[at] == '-') {
            at++;
        }
        boolean zero = at < text.length && text[at] == '0';
        if (digits() > 1 && zero) {
            throw failure("a number does not begin with 0");
        }
        if (at < text.length && text[at] == '.') {
            at++;
            digits();
        }
        boolean hasExponent = at < text.length && (text[at] | 0x20) == 'e';
        if (hasExponent) {
            at++;
            at += at < text.length && (text[at] == '+' || text[at] == '-') ? 1 : 0;
            digits();
        }
        return hasExponent;
    }

    private int digits() {
        int start = at;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        if (at == start) {
            throw failure("a value is expected");
        }
        return at - start;
    }

    private String string() {
        int start = at + 1;
        boolean plain = skipString();
        return plain
                ? new String(text, start, at - 1 - start, StandardCharsets.UTF_8)
                : JsonEscapes.resolve(text, start, at - 1);
    }

    /** Moves behind a string; whether it has no escapes. */
    private boolean skipString() {
        expect('"');
        boolean plain = true;
        while (true) {
            if (at == text.length) {
                throw failure("a string does not end");
            }
            byte unit = text[at];
            if (unit == '"') {
                at++;
                return plain;
            }
            if (unit == '\\') {
                plain = false;
                skipEscape();
            } else if (unit >= 0x20) {
                at++;
            } else {
                skipWide(unit);
            }
        }
    }

    private void skipEscape() {
        int length = JsonEscapes.length(text, at);
        if (length < 0) {
            throw failure("it holds half a surrogate pair");
        }
        if (length == 0) {
            throw failure("no such escape");
        }
        at += length;
    }

    private void skipWide(byte unit) {
        int length = unit < 0 ? JsonEscapes.wideLength(text, at) : 0;
        if (length == 0) {
            throw failure("no such character in a string");
        }
        at += length;
    }

    /** The first byte of what begins here. */
    private int peek() {
        skipBlanks();
        if (at == text.length) {
            throw failure("it ends early");
        }
        return text[at];
    }

    private void skipBlanks() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private void expect(char mark) {
        if (peek() != mark) {
            throw failure("'" + mark + "' is expected");
        }
        at++;
    }

    private IllegalArgumentException failure(String what) {
        return new IllegalArgumentException(what + ", at byte " + at);
    }
}
