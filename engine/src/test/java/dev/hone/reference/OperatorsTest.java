package dev.hone.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each operator by values computed by hand. */
final class OperatorsTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-6);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            f32[2,2] | binary{function=add}       | f32[2,2] 1 2 3 4 ; f32[2] 10 20 | 11 22 13 24
            f32[2]   | binary{function=power}     | f32[2] 3 4 ; f32[] 2      | 9 16
            i64[2]   | binary{function=divide}    | i64[2] 7 -7 ; i64[] 2     | 3 -3
            bool[2]  | binary{function=less}      | f32[2] 1 2 ; f32[] 2      | 1 0
            f32[2]   | unary{function=erf}        | f32[2] 0.5 -1             | 0.5204998778 -0.8427007929
            f32[1]   | unary{function=sigmoid}    | f32[1] 0                  | 0.5
            bool[2]  | unary{function=not}        | bool[2] 1 0               | 0 1
            f32[2]   | where                      | bool[2] 1 0 ; f32[2] 1 2 ; f32[2] 3 4 | 1 4
            i64[2]   | cast{to=i64}               | f32[2] 1.9 -1.9           | 1 -1
            bool[2]  | cast{to=bool}              | f32[2] 0 0.5              | 0 1
            f32[2,1] | matMul                     | f32[2,2] 1 2 3 4 ; f32[2,1] 5 6 | 17 39
            f32[3,2] | transpose{permutation=1 0} | f32[2,3] 1 2 3 4 5 6      | 1 4 2 5 3 6
            f32[4]   | reshape{target=[4]}        | f32[2,2] 1 2 3 4          | 1 2 3 4
            f32[2,2] | expand{target=[2,2]}       | f32[2,1] 1 2              | 1 1 2 2
            f32[2,2] | gather{axis=0}             | f32[3,2] 1 2 3 4 5 6 ; i64[2] 2 -3 | 5 6 1 2
            f32[2,1] | gather{axis=1}             | f32[2,3] 1 2 3 4 5 6 ; i64[1] 1 | 2 5
            f32[2,2] | slice{axis=1; start=1; end=3} | f32[2,3] 1 2 3 4 5 6   | 2 3 5 6
            f32[2,3] | concat{axis=1}             | f32[2,1] 1 2 ; f32[2,2] 3 4 5 6 | 1 3 4 2 5 6
            f32[2]   | softmax{axis=0}            | f32[2] 0 1.0986123        | 0.25 0.75
            f32[2]   | reduce{function=mean; axes=1; keepAxes=false} | f32[2,2] 1 3 5 7 | 2 6
            f32[1,2] | reduce{function=maximum; axes=0; keepAxes=true} | f32[2,2] 1 8 5 7 | 5 8
            f32[1]   | reduce{function=l2; axes=1; keepAxes=false} | f32[1,2] 3 4 | 5
            i64[2,2] | cumulativeSum{axis=1}      | i64[2,2] 1 2 3 4          | 1 3 3 7
            f32[2]   | dropout{rate=0.5}          | f32[2] 1 2                | 1 2
            f32[2]   | layerNorm{epsilon=0.0}     | f32[2] 1 3 ; f32[2] 2 2 ; f32[2] 1 1 | -1 3
            f32[2]   | residualLayerNorm{epsilon=0.0} | f32[2] 1 1 ; f32[2] 0 2 ; f32[2] 2 2 ; f32[2] 1 1 | -1 3
            f32[2]   | activate{activation=relu}  | f32[2] -1 2               | 0 2
            f32[1]   | activate{activation=gelu}  | f32[1] 1                  | 0.8413447461
            f32[1]   | activate{activation=geluTanh} | f32[1] 1               | 0.8411919906
            f32[1]   | activate{activation=geluQuick} | f32[1] 1              | 0.8457957659
            f32[1]   | activate{activation=silu}  | f32[1] 1                  | 0.7310585786
            f32[1]   | activate{activation=tanh}  | f32[1] 1                  | 0.7615941560
            f32[1,2] | linear{activation=relu; arithmetic=f32} | f32[1,2] 1 2 ; f32[2,2] 3 4 -5 -6 ; f32[2] 1 1 | 12 0
            f32[1,2] | firstToken                 | f32[1,2,2] 1 2 3 4        | 1 2
            f32[1,2] | column{index=1}            | f32[1,2,2] 1 2 3 4        | 2 4
            f32[1,2] | pool{pooling=mean}         | f32[1,3,2] 1 2 3 4 9 9 ; i64[1,3] 1 1 0 | 2 3
            f32[1,2] | pool{pooling=max}          | f32[1,3,2] 1 2 3 4 9 9 ; i64[1,3] 1 1 0 | 3 4
            f32[1,2] | pool{pooling=cls}          | f32[1,3,2] 1 2 3 4 9 9 ; i64[1,3] 1 1 0 | 1 2
            f32[2,2] | normalize{epsilon=1.0E-12} | f32[2,2] 3 4 0 0          | 0.6 0.8 0 0
            """)
    void answersAsComputedByHand(String type, String op, String operands, String expected) {
        double[] wanted = numbers(expected);
        Tensor result = run(type, op, operands);
        assertThat(result.elementCount()).isEqualTo(wanted.length);
        double[] found = result.type().isFloat()
                ? doubles(result)
                : Arrays.stream(result.toLongArray()).asDoubleStream().toArray();
        assertThat(found).containsExactly(wanted, ROUNDING);
    }

    @Test
    void positionsSkipPadding() {
        Tensor found = run(
                "f32[1,4,2]",
                "embedding{positions=2 1; epsilon=0.0}",
                "i64[1,4] 0 1 2 1 ; f32[3,2] 0 0 0 0 0 0 ; f32[4,2] 0 0 0 1 1 0 0 3 ; f32[2] 1 1 ; f32[2] 0 0");
        assertThat(doubles(found)).containsExactly(new double[] {1, -1, -1, 1, -1, 1, -1, 1}, ROUNDING);
    }

    /**
     * The fused operator against scores, a mask of minus infinity, softmax and a product, written in small operators.
     */
    @Test
    void attentionEqualsItsComposition() {
        Graph graph = GraphText.parse("""
                graph attention
                input %qkv: f32[batch, sequence, 12]
                input %mask: i64[batch, sequence]
                constant %scale: f32[] = {0.5}
                constant %hidden: f32[] = {-1.0E30}
                %fused: f32[batch, sequence, 4] = attention{heads=2; headSize=2; scale=0.5; arithmetic=f32}(%qkv, %mask)
                %parts: f32[batch, sequence, 3, 2, 2] = reshape{target=[batch, sequence, 3, 2, 2]}(%qkv)
                %heads: f32[3, batch, 2, sequence, 2] = transpose{permutation=2 0 3 1 4}(%parts)
                %q: f32[1, batch, 2, sequence, 2] = slice{axis=0; start=0; end=1}(%heads)
                %k: f32[1, batch, 2, sequence, 2] = slice{axis=0; start=1; end=2}(%heads)
                %v: f32[1, batch, 2, sequence, 2] = slice{axis=0; start=2; end=3}(%heads)
                %kt: f32[1, batch, 2, 2, sequence] = transpose{permutation=0 1 2 4 3}(%k)
                %products: f32[1, batch, 2, sequence, sequence] = matMul(%q, %kt)
                %scores: f32[1, batch, 2, sequence, sequence] = binary{function=multiply}(%products, %scale)
                %keys: i64[1, batch, 1, 1, sequence] = reshape{target=[1, batch, 1, 1, sequence]}(%mask)
                %kept: bool[1, batch, 1, 1, sequence] = cast{to=bool}(%keys)
                %masked: f32[1, batch, 2, sequence, sequence] = where(%kept, %scores, %hidden)
                %weights: f32[1, batch, 2, sequence, sequence] = softmax{axis=4}(%masked)
                %context: f32[1, batch, 2, sequence, 2] = matMul(%weights, %v)
                %rows: f32[1, batch, sequence, 2, 2] = transpose{permutation=0 1 3 2 4}(%context)
                %composed: f32[batch, sequence, 4] = reshape{target=[batch, sequence, 4]}(%rows)
                output fused = %fused
                output composed = %composed
                """);
        SplittableRandom random = new SplittableRandom(7);
        float[] qkv = new float[2 * 3 * 12];
        for (int index = 0; index < qkv.length; index++) {
            qkv[index] = random.nextFloat() * 4 - 2;
        }
        Map<String, Tensor> outputs = ReferenceInterpreter.run(
                graph,
                Map.of(
                        "qkv", Tensor.ofFloats(Shape.of(2, 3, 12), qkv),
                        "mask", Tensor.ofLongs(Shape.of(2, 3), 1, 1, 1, 1, 1, 0)));
        double[] composed = doubles(Objects.requireNonNull(outputs.get("composed")));
        assertThat(doubles(Objects.requireNonNull(outputs.get("fused"))))
                .hasSize(24)
                .containsExactly(composed, ROUNDING);
    }

    @Test
    void inputsThatDisagreeAreRefused() {
        Graph graph = GraphText.parse("""
                graph sum
                input %x: f32[batch, 2]
                input %y: f32[batch, 2]
                %z: f32[batch, 2] = binary{function=add}(%x, %y)
                output z = %z
                """);
        Tensor one = Tensor.ofFloats(Shape.of(1, 2), 1, 2);
        Tensor two = Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4);
        assertThatThrownBy(() -> ReferenceInterpreter.run(graph, Map.of("x", one, "y", two)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("%y")
                .hasMessageContaining("batch=1");
        assertThatThrownBy(() -> ReferenceInterpreter.run(graph, Map.of("x", one)))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("%y")
                .hasMessageContaining("is missing");
    }

    @Test
    void indicesOutsideTheirTableAreRefusedWithTheNode() {
        assertThatThrownBy(() -> run("f32[1]", "gather{axis=0}", "f32[2] 1 2 ; i64[1] 2"))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("node result")
                .hasMessageContaining("index 2");
    }

    @ParameterizedTest
    @CsvSource({"sum, 9007199254740992 1, 9007199254740993", "maximum, -3 -5, -3", "mean, 3 4, 3", "l2, 3 -4, 5"})
    void wholeNumbersAreReducedExactly(String function, String operands, long expected) {
        Tensor result = run("i64[1]", "reduce{function=" + function + "; axes=0; keepAxes=true}", "i64[2] " + operands);
        assertThat(result.toLongArray()).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({"divide, 3, 0", "power, 0, -1"})
    void wholeNumbersOverZeroAreRefusedWithTheNode(String function, long first, long second) {
        String operands = "i64[1] " + first + " ; i64[1] " + second;
        assertThatThrownBy(() -> run("i64[1]", "binary{function=" + function + "}", operands))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("node result")
                .hasMessageContaining("divided by zero");
    }

    private static Tensor run(String type, String op, String operands) {
        StringBuilder text = new StringBuilder("graph single\n");
        StringBuilder names = new StringBuilder();
        for (String operand : operands.split(";", -1)) {
            String[] parts = operand.strip().split(" ", 2);
            String name = "%o" + text.length();
            text.append("constant ").append(name).append(": ").append(parts[0]);
            text.append(" = {").append(parts[1]).append("}\n");
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
        text.append("%result: ").append(type).append(" = ").append(op);
        text.append("(").append(names).append(")\noutput result = %result\n");
        Map<String, Tensor> outputs = ReferenceInterpreter.run(GraphText.parse(text.toString()), Map.of());
        return Objects.requireNonNull(outputs.get("result"));
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.strip().split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static double[] doubles(Tensor tensor) {
        float[] floats = tensor.toFloatArray();
        double[] doubles = new double[floats.length];
        Arrays.setAll(doubles, index -> floats[index]);
        return doubles;
    }
}
