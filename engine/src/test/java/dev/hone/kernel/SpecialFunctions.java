package dev.hone.kernel;

/** The error function in double precision, to about 1e-15 of itself. */
final class SpecialFunctions {
    private SpecialFunctions() {}

    static double erf(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        double size = Math.abs(x);
        double value = size < 2 ? series(size) : 1 - complement(size);
        return Math.copySign(value, x);
    }

    /** The standard normal distribution function. */
    static double normal(double x) {
        double size = Math.abs(x) / Math.sqrt(2);
        double tail = size < 2 ? (1 - series(size)) / 2 : complement(size) / 2;
        return x < 0 ? tail : 1 - tail;
    }

    /** 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·5···(2n+1)): only positive terms, so nothing cancels. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** e^(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), evaluated from behind. */
    private static double complement(double x) {
        if (x > 40) {
            return 0;
        }
        double fraction = x;
        for (int n = 120; n >= 1; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }
}
