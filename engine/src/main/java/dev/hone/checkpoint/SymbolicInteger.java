package dev.hone.checkpoint;

import dev.hone.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An integer that depends on the extents of the inputs: a polynomial in symbols, each of which is at least one.
 *
 * @param terms factor by product of symbols (in alphabetical order, joined by a star); no factor is zero
 */
record SymbolicInteger(Map<String, Long> terms) {
    private static final int MOST_TERMS = 16;
    private static final String NUMBER = "";

    SymbolicInteger {
        terms = Map.copyOf(terms);
        if (terms.size() > MOST_TERMS || terms.keySet().stream().anyMatch(symbols -> symbols.length() > 256)) {
            throw new ArithmeticException("a size is a sum of more than " + MOST_TERMS + " terms or of huge ones");
        }
    }

    static SymbolicInteger of(long number) {
        return new SymbolicInteger(number == 0 ? Map.of() : Map.of(NUMBER, number));
    }

    static SymbolicInteger of(Dim dim) {
        return dim.is(0) ? of(0) : new SymbolicInteger(Map.of(String.join("*", dim.symbols()), dim.factor()));
    }

    /** The value where it does not depend on any symbol. */
    OptionalLong number() {
        if (terms.isEmpty()) {
            return OptionalLong.of(0);
        }
        Long number = terms.get(NUMBER);
        return terms.size() == 1 && number != null ? OptionalLong.of(number) : OptionalLong.empty();
    }

    /** As an extent, where it is one: a single term that is not negative. */
    Optional<Dim> extent() {
        if (terms.isEmpty()) {
            return Optional.of(Dim.of(0));
        }
        Map.Entry<String, Long> term = terms.entrySet().iterator().next();
        return terms.size() == 1 && term.getValue() > 0
                ? Optional.of(new Dim(term.getValue(), symbols(term.getKey())))
                : Optional.empty();
    }

    SymbolicInteger plus(SymbolicInteger other) {
        Map<String, Long> sum = new TreeMap<>(terms);
        other.terms.forEach((symbols, factor) -> sum.merge(symbols, factor, Math::addExact));
        sum.values().removeIf(factor -> factor == 0);
        return new SymbolicInteger(sum);
    }

    SymbolicInteger minus(SymbolicInteger other) {
        return plus(other.times(of(-1)));
    }

    SymbolicInteger times(SymbolicInteger other) {
        SymbolicInteger product = of(0);
        for (Map.Entry<String, Long> left : terms.entrySet()) {
            Map<String, Long> row = new TreeMap<>();
            other.terms.forEach((symbols, factor) ->
                    row.put(joined(left.getKey(), symbols), Math.multiplyExact(left.getValue(), factor)));
            product = product.plus(new SymbolicInteger(row));
        }
        return product;
    }

    /** The quotient: of numbers truncated, of others where it is exact. */
    Optional<SymbolicInteger> dividedBy(SymbolicInteger other) {
        OptionalLong numerator = number();
        OptionalLong denominator = other.number();
        if (denominator.isPresent() && denominator.getAsLong() == 0) {
            return Optional.empty();
        }
        if (numerator.isPresent() && denominator.isPresent()) {
            return Optional.of(of(Math.divideExact(numerator.getAsLong(), denominator.getAsLong())));
        }
        return extent().flatMap(
                        dividend -> other.extent().flatMap(dividend::dividedBy).map(SymbolicInteger::of));
    }

    /** The smallest value that it can have; empty where it has none or where that is not known. */
    OptionalLong least() {
        boolean grows = terms.entrySet().stream().allMatch(term -> term.getKey().isEmpty() || term.getValue() > 0);
        return grows ? OptionalLong.of(atSmallestSymbols()) : OptionalLong.empty();
    }

    /** The largest value that it can have; empty where it has none or where that is not known. */
    OptionalLong most() {
        boolean shrinks =
                terms.entrySet().stream().allMatch(term -> term.getKey().isEmpty() || term.getValue() < 0);
        return shrinks ? OptionalLong.of(atSmallestSymbols()) : OptionalLong.empty();
    }

    private long atSmallestSymbols() {
        return terms.values().stream().reduce(0L, Math::addExact);
    }

    /** Whether this is zero or more for all values of the symbols. */
    boolean isNeverNegative() {
        return least().isPresent() && least().getAsLong() >= 0;
    }

    /** Whether this is zero: always, never, or empty where that depends. */
    Optional<Boolean> isZero() {
        if (number().isPresent()) {
            return Optional.of(terms.isEmpty());
        }
        boolean never = least().orElse(0) > 0 || most().orElse(0) < 0;
        return never ? Optional.of(false) : Optional.empty();
    }

    private static String joined(String first, String second) {
        List<String> all = new ArrayList<>(symbols(first));
        all.addAll(symbols(second));
        return all.stream().sorted().collect(Collectors.joining("*"));
    }

    private static List<String> symbols(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split("\\*", -1));
    }

    @Override
    public String toString() {
        return terms.isEmpty()
                ? "0"
                : new TreeMap<>(terms)
                        .entrySet().stream()
                                .map(term -> term.getKey().isEmpty()
                                        ? String.valueOf(term.getValue())
                                        : term.getValue() + "*" + term.getKey())
                                .collect(Collectors.joining(" + "));
    }
}
