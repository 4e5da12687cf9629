package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * A value as a polynomial of two others, {@code x} and {@code t}: coefficients by the powers of both. Activations are
 * recognised by it in whatever order an exporter multiplies and adds.
 */
record Polynomial(Map<Powers, Double> coefficients) {
    private static final int HIGHEST_POWER = 4;
    private static final int DEEPEST = 12;

    /** The exponents of the two values. */
    record Powers(int ofX, int ofT) implements Comparable<Powers> {
        @Override
        public int compareTo(Powers other) {
            return ofX != other.ofX ? Integer.compare(ofX, other.ofX) : Integer.compare(ofT, other.ofT);
        }
    }

    Polynomial {
        coefficients = Map.copyOf(coefficients);
    }

    static Polynomial of(double coefficient, int powerOfX, int powerOfT) {
        return new Polynomial(Map.of(new Powers(powerOfX, powerOfT), coefficient));
    }

    Polynomial plus(Polynomial other, double factor) {
        Map<Powers, Double> sum = new TreeMap<>(coefficients);
        other.coefficients.forEach((powers, value) -> sum.merge(powers, factor * value, Double::sum));
        return new Polynomial(sum);
    }

    Polynomial times(Polynomial other) {
        Map<Powers, Double> product = new TreeMap<>();
        coefficients.forEach((first, left) -> other.coefficients.forEach((second, right) ->
                product.merge(new Powers(first.ofX + second.ofX, first.ofT + second.ofT), left * right, Double::sum)));
        return new Polynomial(product);
    }

    private boolean isTooHigh() {
        return coefficients.keySet().stream().anyMatch(powers -> powers.ofX + powers.ofT > HIGHEST_POWER);
    }

    /** Whether both have the same coefficients but for a relative difference. */
    boolean isCloseTo(Polynomial other, double relative) {
        Map<Powers, Double> all = new TreeMap<>(coefficients);
        other.coefficients.forEach(all::putIfAbsent);
        return all.keySet().stream().allMatch(powers -> {
            double wanted = other.coefficients.getOrDefault(powers, 0.0);
            return Math.abs(coefficients.getOrDefault(powers, 0.0) - wanted) <= relative * Math.abs(wanted);
        });
    }

    /** A value in terms of two others; empty where it is no polynomial of them with plain numbers. */
    static Optional<Polynomial> of(String value, String x, String t, Look look) {
        return of(value, x, t, look, DEEPEST);
    }

    private static Optional<Polynomial> of(String value, String x, String t, Look look, int depth) {
        if (value.equals(x) || value.equals(t)) {
            return Optional.of(value.equals(x) ? of(1, 1, 0) : of(1, 0, 1));
        }
        OptionalDouble number = look.isPlainNumber(value, x) ? look.number(value) : OptionalDouble.empty();
        if (number.isPresent()) {
            return Optional.of(of(number.getAsDouble(), 0, 0));
        }
        return depth == 0
                ? Optional.empty()
                : look.maker(value)
                        .flatMap(node -> of(node, x, t, look, depth - 1))
                        .filter(polynomial -> !polynomial.isTooHigh());
    }

    private static Optional<Polynomial> of(EditableNode node, String x, String t, Look look, int depth) {
        if (!Look.isOneOf(node, "Add", "Sub", "Mul", "Div", "Pow")) {
            return Optional.empty();
        }
        Optional<Polynomial> first = of(node.input(0), x, t, look, depth);
        OptionalDouble number = look.number(node.input(1));
        if (node.is("Div") || node.is("Pow")) {
            return first.filter(some -> number.isPresent() && look.isPlainNumber(node.input(1), x))
                    .flatMap(some -> node.is("Div")
                            ? Optional.of(some.times(of(1 / number.getAsDouble(), 0, 0)))
                            : some.power(number.getAsDouble()));
        }
        Optional<Polynomial> second = of(node.input(1), x, t, look, depth);
        return first.flatMap(left -> second.map(right -> switch (node.operator()) {
            case "Add" -> left.plus(right, 1);
            case "Sub" -> left.plus(right, -1);
            default -> left.times(right);
        }));
    }

    private Optional<Polynomial> power(double exponent) {
        if (exponent != 2 && exponent != 3) {
            return Optional.empty();
        }
        Polynomial square = times(this);
        return Optional.of(exponent == 2 ? square : square.times(this));
    }
}
