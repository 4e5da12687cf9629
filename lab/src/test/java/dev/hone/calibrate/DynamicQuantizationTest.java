package dev.hone.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.hone.HoneException;
import dev.hone.calibrate.OnnxQuantization.Paths;
import dev.hone.calibrate.OnnxQuantization.Written;
import dev.hone.checkpoint.OnnxWriter;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.onnx.quantize.Affine;
import dev.hone.onnx.quantize.ByteType;
import dev.hone.onnx.quantize.NodeChoice;
import dev.hone.onnx.quantize.QuantizationSettings;
import dev.hone.onnx.quantize.WeightScheme;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamicQuantizationTest {
    private static final int ROWS = 5;
    private static final int DEPTH = 32;
    private static final int COLUMNS = 16;

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private Path written = Path.of("");
    private float[] input = new float[0];
    private float[] weight = new float[0];
    private float[] bias = new float[0];

    /** y = x · weight + bias. */
    @BeforeEach
    void writeModel() {
        SplittableRandom random = new SplittableRandom(5);
        input = draw(random, ROWS * DEPTH);
        weight = draw(random, DEPTH * COLUMNS);
        bias = draw(random, COLUMNS);
        GraphBuilder builder = new GraphBuilder("product");
        Value x = builder.input("x", DType.F32, Shape.of(Dim.SEQUENCE, Dim.of(DEPTH)));
        Value w = builder.constant("weight", Tensor.ofFloats(Shape.of(DEPTH, COLUMNS), weight));
        Value b = builder.constant("bias", Tensor.ofFloats(Shape.of(COLUMNS), bias));
        Value product = builder.addNamed("product", new Op.MatMul(), List.of(x, w));
        builder.output("y", builder.addNamed("sum", new Op.Binary(Op.BinaryFunction.ADD), List.of(product, b)));
        file = folder.resolve("model.onnx");
        written = folder.resolve("quantised.onnx");
        OnnxWriter.write(builder.build(), file);
    }

    private static QuantizationSettings settings(NodeChoice choice, WeightScheme scheme) {
        return new QuantizationSettings(choice, scheme, false, Optional.empty());
    }

    private static float[] draw(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) random.nextDouble(-1, 1.5);
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "S8,true,true,false",
        "S8,false,true,false",
        "U8,true,true,false",
        "U8,false,false,false",
        "S8,true,true,true",
        "U8,true,true,true",
        "S8,true,false,false"
    })
    void answersAreThoseOfTheBytes(ByteType type, boolean perColumn, boolean symmetric, boolean reduced)
            throws OrtException {
        WeightScheme scheme = new WeightScheme(type, perColumn, symmetric, reduced);
        Written result = OnnxQuantization.dynamic(new Paths(file, written, false), settings(NodeChoice.ALL, scheme));
        assertThat(result.account().quantizedNodes()).isEqualTo(1);
        assertThat(result.account().operatorsAfter())
                .containsEntry("MatMulInteger", 1)
                .doesNotContainKey("MatMul");
        float[] answer = OnnxRun.answer(written, input, ROWS, DEPTH);
        assertThat(answer).hasSize(ROWS * COLUMNS);
        float[] expected = expected(scheme);
        for (int index = 0; index < answer.length; index++) {
            // Sums of bytes are exact; three roundings for the scales, one for the bias.
            float bound = 8 * Math.ulp(Math.abs(expected[index]) + Math.abs(bias[index % COLUMNS]) + 1);
            assertThat(answer[index]).isCloseTo(expected[index], within(bound));
        }
    }

    /** Sums of the bytes that the operators' definitions give, times the scales. */
    private float[] expected(WeightScheme scheme) {
        Affine values = Affine.ofRange(ByteType.U8, false, least(input, 0, 1), -least(input, 0, -1));
        float[] answer = new float[ROWS * COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            Affine weights = columnBytes(scheme, column);
            for (int row = 0; row < ROWS; row++) {
                long sum = 0;
                for (int depth = 0; depth < DEPTH; depth++) {
                    long left = (long) values.quantized(input[row * DEPTH + depth]) - values.zero();
                    sum += left * (weights.quantized(weight[depth * COLUMNS + column]) - weights.zero());
                }
                answer[row * COLUMNS + column] = sum * (values.scale() * weights.scale()) + bias[column];
            }
        }
        return answer;
    }

    private Affine columnBytes(WeightScheme scheme, int column) {
        float[] range = weight;
        if (scheme.perColumn()) {
            range = new float[DEPTH];
            for (int depth = 0; depth < DEPTH; depth++) {
                range[depth] = weight[depth * COLUMNS + column];
            }
        }
        return Affine.ofWeights(scheme, least(range, 0, 1), -least(range, 0, -1));
    }

    private static float least(float[] values, float start, int sign) {
        float least = start;
        for (float value : values) {
            least = Math.min(least, sign * value);
        }
        return least;
    }

    @Test
    void excludedNodesStayAndSayWhy() {
        NodeChoice none = new NodeChoice(Set.of("Gather"), Set.of(), Set.of());
        Written result = OnnxQuantization.dynamic(new Paths(file, written, false), settings(none, WeightScheme.SIGNED));
        assertThat(result.account().nodes())
                .singleElement()
                .matches(node -> !node.quantized() && node.account().contains("not among those"));
    }

    @Test
    void unknownNamesAreRefusedWithTheNearest() {
        assertRefused(new NodeChoice(Set.of("MatMull"), Set.of(), Set.of()), "did you mean MatMul?");
        assertRefused(new NodeChoice(Set.of(), Set.of("nothing at all"), Set.of()), "unknown node");
    }

    private void assertRefused(NodeChoice choice, String part) {
        QuantizationSettings settings = settings(choice, WeightScheme.SIGNED);
        assertThatThrownBy(() -> OnnxQuantization.dynamic(new Paths(file, written, false), settings))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining(part);
        assertThat(Files.exists(written)).isFalse();
    }

    @Test
    void quantisedFilesAreNotQuantisedAgain() {
        QuantizationSettings settings = settings(NodeChoice.ALL, WeightScheme.SIGNED);
        OnnxQuantization.dynamic(new Paths(file, written, true), settings);
        assertThat(folder.resolve("quantised.onnx.data")).exists();
        Path again = folder.resolve("again.onnx");
        assertThatThrownBy(() -> OnnxQuantization.dynamic(new Paths(written, again, false), settings))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("already");
    }
}
