package dev.hone.onnx.optimize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole number that may depend on the extents of the inputs: a factor times symbols. An extent of an input is a
 * symbol of its name; what is no such product, a sum for example, is a symbol that spells the expression, so that
 * equal expressions are equal amounts.
 *
 * @param symbols in alphabetical order
 */
record Amount(long factor, List<String> symbols) {
    static final Amount ONE = of(1);

    Amount {
        symbols = factor == 0 ? List.of() : symbols.stream().sorted().toList();
    }

    static Amount of(long value) {
        return new Amount(value, List.of());
    }

    static Amount symbol(String name) {
        return new Amount(1, List.of(name));
    }

    /** What an expression over amounts gives, known by its text only. */
    static Amount expression(String function, Amount... operands) {
        return symbol(function + List.of(operands));
    }

    boolean isFixed() {
        return symbols.isEmpty();
    }

    boolean is(long value) {
        return isFixed() && factor == value;
    }

    /** Whether this is an extent, which is never negative, and no other expression. */
    boolean isExtent() {
        return factor >= 0 && symbols.stream().noneMatch(symbol -> symbol.contains("["));
    }

    Amount times(Amount other) {
        List<String> all = new ArrayList<>(symbols);
        all.addAll(other.symbols);
        return new Amount(Math.multiplyExact(factor, other.factor), all);
    }

    /** The exact quotient, or empty where there is none. */
    Optional<Amount> dividedBy(Amount other) {
        List<String> rest = new ArrayList<>(symbols);
        if (other.factor == 0 || factor % other.factor != 0) {
            return Optional.empty();
        }
        for (String symbol : other.symbols) {
            if (!rest.remove(symbol)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Amount(factor / other.factor, rest));
    }

    static Amount product(List<Amount> amounts) {
        return amounts.stream().reduce(ONE, Amount::times);
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
