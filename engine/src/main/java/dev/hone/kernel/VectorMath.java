package dev.hone.kernel;

/**
 * Functions of one vector, written as straight lines of arithmetic.
 *
 * <p>Bounds, tested over samples of all magnitudes: exp, erf and tanh within 2 ulp, sigmoid within 2.5 (and 0 below
 * 2⁻¹²⁵); gelu within 2 ulp + 1e-7, roughly within
 * 64 ulp + 6e-5; the sigmoid forms of silu and gelu within a few ulp of their parts. NaN stays NaN.
 * The polynomials are weighted minimax fits made for these ranges (Lawson's iteration on Chebyshev points in 40
 * digits),
 * with coefficients rounded to f32. Range reduction after Cody and Waite, "Software Manual for the Elementary
 * Functions".
 */
final class VectorMath {
    /** (eʳ - 1 - r) / r² for |r| up to ln 2 / 2, error 3e-9. */
    private static final float[] EXPONENTIAL = {0.5f, 0.16666518f, 0.041666206f, 0.008368918f, 0.0013950538f};

    /** erf(x) / x - 1 in x² up to 0.81, error 1.2e-8. */
    private static final float[] ERF_SMALL = {
        0.12837915f, -0.37612534f, 0.1128223f, -0.026781958f, 0.0050162286f, -0.00061112933f
    };

    /** (tanh(x) / x - 1) / x² in x² up to 0.36, error of tanh(x) / x 2.6e-9. */
    private static final float[] TANH_SMALL = {-0.333333f, 0.13331959f, -0.053786684f, 0.020805383f, -0.0059058657f};

    /** ln erfc(x) for x from 0.9 to 4, error of erfc 1.6e-9. */
    private static final float[] ERF_LARGE = {
        -0.00017749303f, -1.1277496f, -0.63705975f, -0.104037374f, 0.022277094f, -0.0030556095f, 0.00019718194f
    };

    /** ln Φ(-x) for x from 0 to 10; x Φ(-x) is off by 1.4e-7 of itself down to 1e-6, and by 1.4e-13 below. */
    private static final float[] NORMAL_TAIL = {
        -0.69314706f,
        -0.79789066f,
        -0.31826437f,
        -0.036466967f,
        0.0049735857f,
        -0.00011992301f,
        -0.00013972844f,
        3.8163216e-05f,
        -5.185019e-06f,
        3.802752e-07f,
        -1.1952267e-08f
    };

    /**
     * (Φ(x) - 1/2) / x in x² for |x| up to {@link #ROUGH_END}; x Φ(x) is off by 4.7e-5. Fitted with Φ(x) held fast at 1
     * at the end, whose value stands for all that lies beyond.
     */
    private static final float[] NORMAL_ROUGH = {
        0.3987616f,
        -0.06607643f,
        0.0096430285f,
        -0.0010549926f,
        8.429303e-05f,
        -4.7248695e-06f,
        1.7408479e-07f,
        -3.7540504e-09f,
        3.569431e-11f
    };

    private static final float ROUGH_END = 4.4f;

    private static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts; the upper has 9 bits, so that its product with an exponent is exact. */
    private static final float LN2_UPPER = 0.6933594f;

    private static final float LN2_LOWER = -2.1219444e-4f;
    private static final int EXPONENT_SHIFT = 23;
    private static final int EXPONENT_BIAS = 127;
    /** 1.5 · 2²³ + 127: adding it rounds to an integer n, and n + 127 then stands in the low bits. */
    private static final float ROUNDER = 12582912f + EXPONENT_BIAS;

    private final FunctionEmitter code;
    private final Type floats;
    private final Type ints;

    VectorMath(FunctionEmitter code, Type floats) {
        this.code = code;
        this.floats = floats;
        this.ints = floats.of(Type.INT);
    }

    Value activate(Activation activation, Value x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> atLeast(x, 0);
            case GELU -> gelu(x);
            case GELU_ROUGH -> roughGelu(x);
            case GELU_TANH -> multiply(x, sigmoid(multiply(x, cubicOfGelu(x))));
            case GELU_QUICK -> multiply(x, sigmoid(multiply(x, splat(1.702f))));
            case SILU -> multiply(x, sigmoid(x));
            case TANH -> tanh(x);
            case SIGMOID -> sigmoid(x);
            case ERF -> erf(x);
            case EXP -> exp(x);
        };
    }

    /** eˣ for x up to 88; what is below -87 is taken as -87, so the result is a normal number of at least 1.6e-38. */
    Value expOfNegative(Value x) {
        Reduced reduced = reduce(atLeast(x, -87f));
        return multiply(add(reduced.lessOne(), splat(1f)), powerOfTwo(reduced.biasedExponent()));
    }

    /** eˣ over the whole range, subnormal results included: scaled in two steps, of which only the last can round. */
    private Value exp(Value x) {
        Reduced reduced = reduce(atMost(atLeast(x, -104f), 89f));
        Value exponent = code.subtract(reduced.biasedExponent(), Value.splat(ints, Float.floatToRawIntBits(ROUNDER)));
        Value half = code.binary("ashr", exponent, Value.splat(ints, 1));
        Value rest = code.subtract(exponent, half);
        Value bias = Value.splat(ints, EXPONENT_BIAS);
        Value fraction = add(reduced.lessOne(), splat(1f));
        return multiply(multiply(fraction, powerOfTwo(code.add(half, bias))), powerOfTwo(code.add(rest, bias)));
    }

    /** eˣ = 2ⁿ · (1 + lessOne); the low bits of the biased exponent are n + 127. */
    private record Reduced(Value biasedExponent, Value lessOne) {}

    private Reduced reduce(Value x) {
        Value shifted = code.multiplyAdd(x, splat(LOG2_E), splat(ROUNDER));
        Value whole = code.binary("fsub", shifted, splat(ROUNDER));
        Value rest = code.multiplyAdd(whole, splat(-LN2_UPPER), x);
        rest = code.multiplyAdd(whole, splat(-LN2_LOWER), rest);
        Value higher = multiply(polynomial(EXPONENTIAL, rest), rest);
        return new Reduced(code.convert("bitcast", shifted, ints), code.multiplyAdd(higher, rest, rest));
    }

    private Value powerOfTwo(Value biasedExponent) {
        return code.convert("bitcast", code.binary("shl", biasedExponent, Value.splat(ints, EXPONENT_SHIFT)), floats);
    }

    /** An odd polynomial near zero; 1 - 2 / (e²ᵗ + 1) on the absolute value beyond, which is 1 from 9.2 on. */
    private Value tanh(Value x) {
        Value square = multiply(x, x);
        Value small = code.multiplyAdd(multiply(polynomial(TANH_SMALL, square), square), x, x);
        Value size = absolute(x);
        Value capped = atMost(size, 9.2f);
        Value denominator = add(expOfNegative(add(capped, capped)), splat(1f));
        Value large = code.binary("fsub", splat(1f), code.binary("fdiv", splat(2f), denominator));
        large = code.call(floats, "llvm.copysign." + floats.mangled(), large, x);
        return code.select(code.compare("ult", size, splat(0.6f)), small, large);
    }

    /** With e = e^-|x|: 1 / (1 + e) on the right and e / (1 + e) on the left, so that neither side cancels. */
    private Value sigmoid(Value x) {
        Value size = absolute(x);
        Value small = expOfNegative(code.define(floats, "fneg " + size));
        Value gone = code.compare("ogt", size, splat(87f));
        Value e = code.select(gone, Value.zero(floats), small);
        Value negative = code.compare("olt", x, Value.zero(floats));
        return code.binary("fdiv", code.select(negative, e, splat(1f)), add(e, splat(1f)));
    }

    private Value erf(Value x) {
        Value size = absolute(x);
        Value square = multiply(x, x);
        Value small = code.multiplyAdd(polynomial(ERF_SMALL, square), x, x);
        Value complement = expOfNegative(polynomial(ERF_LARGE, atMost(size, 4f)));
        Value large = code.binary("fsub", splat(1f), complement);
        large = code.call(floats, "llvm.copysign." + floats.mangled(), large, x);
        return code.select(code.compare("ult", size, splat(0.9f)), small, large);
    }

    /** x Φ(x) = max(x, 0) - |x| Φ(-|x|): the tail is its own exponential, so that nothing cancels left of zero. */
    private Value gelu(Value x) {
        Value size = atMost(absolute(x), 10f);
        Value tail = expOfNegative(polynomial(NORMAL_TAIL, size));
        return code.multiplyAdd(code.define(floats, "fneg " + size), tail, atLeast(x, 0));
    }

    /** Φ is taken a little too small, so that it is nothing, and not nearly nothing, far left of zero. */
    private Value roughGelu(Value x) {
        Value near = atMost(atLeast(x, -ROUGH_END), ROUGH_END);
        Value slope = polynomial(NORMAL_ROUGH, multiply(near, near));
        return multiply(x, atLeast(code.multiplyAdd(near, slope, splat(0.499997f)), 0));
    }

    /** 2 √(2/π) (1 + 0.044715 x²). */
    private Value cubicOfGelu(Value x) {
        return code.multiplyAdd(multiply(x, x), splat(0.071354814f), splat(1.5957692f));
    }

    /** Neighbouring coefficients are joined first, then Horner's rule in x²: half the chain of dependent additions. */
    private Value polynomial(float[] coefficients, Value x) {
        Value square = multiply(x, x);
        int last = (coefficients.length - 1) / 2 * 2;
        Value sum = pair(coefficients, last, x);
        for (int index = last - 2; index >= 0; index -= 2) {
            sum = code.multiplyAdd(sum, square, pair(coefficients, index, x));
        }
        return sum;
    }

    private Value pair(float[] coefficients, int index, Value x) {
        Value even = splat(coefficients[index]);
        return index + 1 == coefficients.length ? even : code.multiplyAdd(splat(coefficients[index + 1]), x, even);
    }

    private Value absolute(Value x) {
        return code.call(floats, "llvm.fabs." + floats.mangled(), x);
    }

    private Value atLeast(Value x, float bound) {
        return code.select(code.compare("olt", x, splat(bound)), splat(bound), x);
    }

    private Value atMost(Value x, float bound) {
        return code.select(code.compare("ogt", x, splat(bound)), splat(bound), x);
    }

    private Value add(Value left, Value right) {
        return code.binary("fadd", left, right);
    }

    private Value multiply(Value left, Value right) {
        return code.binary("fmul", left, right);
    }

    private Value splat(float constant) {
        return Value.splat(floats, constant);
    }
}
