package dev.hone.transform;

import dev.hone.graph.Activation;

/** The activation functions in double precision, to tell them apart by their values. */
final class ActivationFunctions {
    private static final int ERF_TERMS = 60;

    private ActivationFunctions() {}

    static double at(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case GELU -> x / 2 * (1 + erf(x / Math.sqrt(2)));
            case GELU_TANH -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case GELU_QUICK -> x / (1 + Math.exp(-1.702 * x));
            case RELU -> Math.max(x, 0);
            case SILU -> x / (1 + Math.exp(-x));
            case TANH -> Math.tanh(x);
        };
    }

    /**
     * The error function by the series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!! (Abramowitz and Stegun 7.1.6), whose
     * terms all have one sign; good to 1e-14 for |x| up to 5, beyond which the result is ±1.
     */
    static double erf(double x) {
        if (Math.abs(x) > 5) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n <= ERF_TERMS + 40; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
