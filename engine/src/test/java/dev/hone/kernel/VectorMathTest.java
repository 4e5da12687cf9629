package dev.hone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.machine.Isa;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("native")
class VectorMathTest {
    private static final double SMALLEST_NORMAL = Float.MIN_NORMAL;

    /**
     * A function and how far it may be off: some ulp of the true value, plus something absolute.
     */
    private record Bound(Activation activation, DoubleUnaryOperator truth, double ulps, double absolute) {}

    private static final List<Bound> BOUNDS = List.of(
            new Bound(Activation.EXP, Math::exp, 2, 0),
            new Bound(Activation.ERF, SpecialFunctions::erf, 2, 0),
            new Bound(Activation.TANH, Math::tanh, 2, 0),
            new Bound(Activation.SIGMOID, VectorMathTest::sigmoid, 2.5, 4 * SMALLEST_NORMAL),
            new Bound(Activation.RELU, x -> Math.max(x, 0), 0, 0),
            new Bound(Activation.GELU, x -> x * SpecialFunctions.normal(x), 2, 1e-7),
            new Bound(Activation.GELU_ROUGH, x -> x * SpecialFunctions.normal(x), 64, 6e-5),
            // The argument of the sigmoid carries a relative error of some 2 ulp, which its slope turns into up to
            // |argument| times that in the result; |x| sigmoid(x) |x| stays below 0.6 on the left.
            new Bound(Activation.SILU, x -> x * sigmoid(x), 3, 2e-36),
            new Bound(Activation.GELU_QUICK, x -> x * sigmoid((double) 1.702f * x), 4, 3e-7),
            new Bound(Activation.GELU_TANH, VectorMathTest::geluTanh, 4, 3e-7));

    @ParameterizedTest
    @MethodSource("dev.hone.kernel.KernelFixture#instructionSets")
    void staysWithinItsBound(Isa isa) {
        staysWithinItsBound(isa, inputs());
    }

    static void staysWithinItsBound(Isa isa, float[] inputs) {
        try (KernelFixture fixture = new KernelFixture(BOUNDS.stream()
                .map(bound -> new ElementwiseKernel(isa, bound.activation()))
                .toList())) {
            for (Bound bound : BOUNDS) {
                float[] outputs = apply(fixture, new ElementwiseKernel(isa, bound.activation()), inputs);
                check(bound, isa, inputs, outputs);
            }
        }
    }

    private static void check(Bound bound, Isa isa, float[] inputs, float[] outputs) {
        double worst = 0;
        float worstInput = 0;
        for (int index = 0; index < inputs.length; index++) {
            double want = bound.truth().applyAsDouble(inputs[index]);
            double got = outputs[index];
            if (Double.isNaN(want)) {
                assertThat(got)
                        .as("%s of %s", bound.activation(), inputs[index])
                        .isNaN();
                continue;
            }
            float rounded = (float) want;
            double allowed = Float.isInfinite(rounded) ? 0 : bound.ulps() * Math.ulp(rounded) + bound.absolute();
            double off = got == rounded ? 0 : Math.abs(got - want);
            double share = off == 0 ? 0 : off / allowed;
            if (!(share <= worst)) {
                worst = share;
                worstInput = inputs[index];
            }
        }
        assertThat(worst)
                .as("share of the bound of %s on %s, worst at %s", bound.activation(), isa, worstInput)
                .isLessThanOrEqualTo(1);
    }

    private static float[] apply(KernelFixture fixture, ElementwiseKernel kernel, float[] inputs) {
        MemorySegment input = fixture.allocate(inputs.length * 4L + 64);
        MemorySegment.copy(inputs, 0, input, ValueLayout.JAVA_FLOAT, 0, inputs.length);
        MemorySegment output = fixture.allocate(inputs.length * 4L + 64);
        fixture.run(kernel, input, 0L, output, 0L, 0L, 1L, (long) inputs.length);
        return output.asSlice(0, inputs.length * 4L).toArray(ValueLayout.JAVA_FLOAT);
    }

    /** Every 4099th bit pattern of both signs (a prime step), every 1/2048 up to 20, and the corners. */
    static float[] inputs() {
        List<Float> inputs = new ArrayList<>(Arrays.asList(
                0f,
                -0f,
                1f,
                -1f,
                Float.MIN_VALUE,
                -Float.MIN_VALUE,
                Float.MIN_NORMAL,
                Float.MAX_VALUE,
                -Float.MAX_VALUE,
                88.72283f,
                88.72284f,
                88.73f,
                -87.3f,
                -87.4f,
                -103.9f,
                -104f,
                -110f,
                0.9f,
                4f,
                9.2f,
                10f,
                -10f));
        for (long bits = 0; bits < 1L << 32; bits += 4099) {
            inputs.add(Float.intBitsToFloat((int) bits));
        }
        for (int step = -20 * 2048; step <= 20 * 2048; step++) {
            inputs.add(step / 2048f);
        }
        inputs.removeIf(value -> value == Float.NEGATIVE_INFINITY);
        float[] array = new float[inputs.size()];
        for (int index = 0; index < array.length; index++) {
            array[index] = inputs.get(index);
        }
        assertThat(array.length).isGreaterThan(1_000_000);
        return array;
    }

    private static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    private static double geluTanh(double x) {
        double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        return x * sigmoid(2 * inner);
    }
}
