package dev.hone.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.reference.ReferenceInterpreter;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.RuleTester;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stated errors of the approximations hold. */
class FastMathTest {
    private static final int POINTS = 20_001;

    @ParameterizedTest
    @CsvSource({
        "unary{function=erf},            20, 3.6e-4, 0",
        "unary{function=tanh},           20, 1.0e-4, 0",
        "activate{activation=gelu},      20, 4.8e-4, 0",
        "unary{function=exp},            87, 0,      2e-3",
    })
    void errorsAreWithinWhatIsStated(String op, double range, double absolute, double relative) {
        Graph graph = GraphText.parse("""
                graph function
                input %%x: f32[%d]
                %%y: f32[%d] = %s(%%x)
                output y = %%y
                """.formatted(POINTS, POINTS, op));
        Pipeline.Result result = TransformTesting.apply(
                Transforms.named("FastMath", Transforms.all()).orElseThrow(), graph);
        assertThat(result.report().entries().getFirst().fired()).isEqualTo(1);
        float[] exact = run(graph, range);
        float[] fast = run(result.graph(), range);
        for (int at = 0; at < POINTS; at++) {
            double bound = absolute + relative * Math.abs(exact[at]) + Math.ulp(exact[at]);
            assertThat((double) fast[at]).as("at point %d", at).isCloseTo(exact[at], offset(bound));
        }
    }

    private static float[] run(Graph graph, double range) {
        float[] points = new float[POINTS];
        for (int at = 0; at < POINTS; at++) {
            points[at] = (float) (range * (2.0 * at / (POINTS - 1) - 1));
        }
        Map<String, Tensor> outputs =
                ReferenceInterpreter.run(graph, Map.of("x", Tensor.ofFloats(Shape.of(POINTS), points)));
        return Objects.requireNonNull(outputs.get("y")).toFloatArray();
    }

    @Test
    void softmaxStaysAndSaysSo() {
        RuleTester.of(new FastMath()).on("""
                graph softmax
                input %x: f32[batch, 2]
                %y: f32[batch, 2] = softmax{axis=1}(%x)
                output y = %y
                """).staysSilentBecause("y", "inside of one operator");
    }
}
