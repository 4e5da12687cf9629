package dev.hone.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One extent of a shape: a number times any symbols, for example {@code 384}, {@code sequence} or {@code 12*batch}.
 *
 * @param factor the number, at least zero
 * @param symbols names in alphabetical order; a name may stand twice
 */
public record Dim(long factor, List<String> symbols) {
    /** Sequences in a batch. */
    public static final Dim BATCH = symbol("batch");

    /** Tokens in the (padded) sequences of a batch. */
    public static final Dim SEQUENCE = symbol("sequence");

    public Dim {
        if (factor < 0) {
            throw new IllegalArgumentException("negative extent " + factor);
        }
        symbols = factor == 0 ? List.of() : sorted(symbols);
    }

    private static List<String> sorted(List<String> symbols) {
        if (symbols.size() < 2) {
            return List.copyOf(symbols);
        }
        List<String> sorted = new ArrayList<>(symbols);
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }

    public static Dim of(long value) {
        return new Dim(value, List.of());
    }

    public static Dim symbol(String name) {
        return new Dim(1, List.of(name));
    }

    public boolean isFixed() {
        return symbols.isEmpty();
    }

    public boolean is(long value) {
        return isFixed() && factor == value;
    }

    /** The number of a fixed extent. */
    public long value() {
        if (!isFixed()) {
            throw new IllegalStateException("extent " + this + " is symbolic");
        }
        return factor;
    }

    /** @throws ArithmeticException when the number does not fit 64 bits */
    public Dim times(Dim other) {
        List<String> all = new ArrayList<>(symbols);
        all.addAll(other.symbols);
        return new Dim(Math.multiplyExact(factor, other.factor), all);
    }

    /** The exact quotient, or empty where it is not an extent. */
    public Optional<Dim> dividedBy(Dim other) {
        if (other.factor == 0 || factor % other.factor != 0) {
            return Optional.empty();
        }
        List<String> rest = new ArrayList<>(symbols);
        for (String symbol : other.symbols) {
            if (!rest.remove(symbol)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Dim(factor / other.factor, rest));
    }

    /** The number that this extent has when the symbols have the given values. */
    public long resolve(Map<String, Long> values) {
        long result = factor;
        for (String symbol : symbols) {
            Long value = values.get(symbol);
            if (value == null) {
                throw new IllegalArgumentException("no value for the symbol " + symbol);
            }
            result = Math.multiplyExact(result, value);
        }
        return result;
    }

    /** Reads what {@link #toString()} writes. */
    public static Dim parse(String text) {
        List<String> parts = Arrays.asList(text.strip().split("\\*", -1));
        boolean hasNumber = !parts.getFirst().isEmpty()
                && Character.isDigit(parts.getFirst().charAt(0));
        long factor = hasNumber ? Long.parseLong(parts.getFirst()) : 1;
        List<String> symbols = hasNumber ? parts.subList(1, parts.size()) : parts;
        for (String symbol : symbols) {
            if (!isSymbol(symbol)) {
                throw new IllegalArgumentException("not an extent: " + text);
            }
        }
        return new Dim(factor, symbols);
    }

    /** A letter or underscore, then letters, digits, underscores and points, all of ASCII. */
    private static boolean isSymbol(String text) {
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            boolean starts = ((character | 0x20) >= 'a' && (character | 0x20) <= 'z') || character == '_';
            boolean follows = (character >= '0' && character <= '9') || character == '.';
            if (!starts && (index == 0 || !follows)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Written out, here and in the other parts of a type: what a record brings is linked when it is first called. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Dim dim && factor == dim.factor && symbols.equals(dim.symbols);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(factor) + symbols.hashCode();
    }

    @Override
    public String toString() {
        String names = String.join("*", symbols);
        if (symbols.isEmpty()) {
            return Long.toString(factor);
        }
        return factor == 1 ? names : factor + "*" + names;
    }
}
