package dev.hone.reference;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.graph.Activation;
import dev.hone.graph.Op.BinaryFunction;
import dev.hone.graph.Op.UnaryFunction;

/** Scalar functions in double precision, and of integers exactly. */
public final class Functions {
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

    /** Beyond it erf differs from ±1 by less than 2.2e-17. */
    private static final double ERF_IS_ONE = 6;

    private static final double GELU_CUBE = 0.044715;
    private static final double QUICK_SLOPE = 1.702;

    private Functions() {}

    /**
     * The error function to some 1e-15, by the series of positive terms (Abramowitz and Stegun, Handbook of
     * Mathematical Functions, 7.1.6): {@code 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1))}.
     */
    static double erf(double x) {
        if (Math.abs(x) >= ERF_IS_ONE) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** An activation function. */
    public static double activate(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case GELU -> x / 2 * (1 + erf(x / Math.sqrt(2)));
            case GELU_TANH -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + GELU_CUBE * x * x * x)));
            case GELU_QUICK -> x * sigmoid(QUICK_SLOPE * x);
            case RELU -> Math.max(x, 0);
            case SILU -> x * sigmoid(x);
            case TANH -> Math.tanh(x);
        };
    }

    /** A function of a float; logic takes anything but zero as true. */
    public static double unary(UnaryFunction function, double x) {
        return switch (function) {
            case NEGATE -> -x;
            case ABSOLUTE -> Math.abs(x);
            case SQUARE_ROOT -> Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case ERF -> erf(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> sigmoid(x);
            case NOT -> truth(x == 0);
            case IS_NAN -> truth(Double.isNaN(x));
        };
    }

    /** A function of an integer or boolean; only those that stay exact. */
    static long unary(UnaryFunction function, long x) {
        return switch (function) {
            case NEGATE -> -x;
            case ABSOLUTE -> Math.abs(x);
            case NOT -> x == 0 ? 1 : 0;
            case IS_NAN -> 0;
            case SQUARE_ROOT, RECIPROCAL, EXP, LOG, ERF, TANH, SIGMOID ->
                throw new IllegalArgumentException(function + " of an integer");
        };
    }

    /** A function of two floats; comparisons give 1 or 0. */
    public static double binary(BinaryFunction function, double x, double y) {
        return switch (function) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
            case POWER -> Math.pow(x, y);
            case MAXIMUM -> Math.max(x, y);
            case MINIMUM -> Math.min(x, y);
            case EQUAL -> truth(x == y);
            case LESS -> truth(x < y);
            case GREATER -> truth(x > y);
            case LESS_OR_EQUAL -> truth(x <= y);
            case GREATER_OR_EQUAL -> truth(x >= y);
            case AND -> truth(x != 0 && y != 0);
            case OR -> truth(x != 0 || y != 0);
        };
    }

    /**
     * A function of two integers or booleans, exact; a quotient is truncated.
     *
     * @throws HoneException of category INPUT for a division by zero
     */
    static long binary(BinaryFunction function, long x, long y) {
        return switch (function) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> quotient(x, y);
            case POWER -> power(x, y);
            case MAXIMUM -> Math.max(x, y);
            case MINIMUM -> Math.min(x, y);
            case EQUAL -> x == y ? 1 : 0;
            case LESS -> x < y ? 1 : 0;
            case GREATER -> x > y ? 1 : 0;
            case LESS_OR_EQUAL -> x <= y ? 1 : 0;
            case GREATER_OR_EQUAL -> x >= y ? 1 : 0;
            case AND -> x != 0 && y != 0 ? 1 : 0;
            case OR -> x != 0 || y != 0 ? 1 : 0;
        };
    }

    private static long quotient(long dividend, long divisor) {
        if (divisor == 0) {
            throw new HoneException(Category.INPUT, dividend + " is divided by zero; whole numbers have no quotient");
        }
        return dividend / divisor;
    }

    /** By squaring; a negative exponent gives the truncated quotient. */
    private static long power(long base, long exponent) {
        if (exponent < 0 && base == 0) {
            return quotient(1, base);
        }
        if (exponent < 0) {
            return Math.abs(base) == 1 ? power(base, -exponent) : 0;
        }
        long result = 1;
        long square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            result = (rest & 1) == 1 ? result * square : result;
            square *= square;
        }
        return result;
    }

    private static double truth(boolean condition) {
        return condition ? 1 : 0;
    }
}
