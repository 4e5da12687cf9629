package dev.hone.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.Op;
import dev.hone.tensor.RowRange;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz;
import dev.hone.transform.Pipeline;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights are mixed where rows are, whichever way they lie and however large they are. */
final class MixedWeightsTest {
    private static final Pipeline NOTHING = Pipeline.named("nothing");

    @Test
    void inAFixedRangeNothingIsMixed() {
        RowRange range = new RowRange(-2, 30);
        Scheme scheme = Scheme.parse("int8,activations:static,weights:per-tensor");
        Calibration calibration = new Calibration(Map.of(), Map.of("linear.1", range));
        Fuzz.rounds(10).run(round -> {
            LinearModel model = LinearModel.draw(round, round.between(64, 70), LinearModel.depth(round));
            Graph changed =
                    scheme.after(NOTHING, true, calibration).run(model.graph()).graph();
            assertThat(changed.nodes().getFirst().op()).isEqualTo(new Op.QuantizedLinear(Activation.NONE, range));
            float scale = LinearModel.magnitude(model.weight().toFloatArray()) / 127;
            model.compare(changed, LinearModel.rows(round, model.depth()), (row, weights) -> {
                double bound = 0;
                for (int index = 0; index < row.length; index++) {
                    bound +=
                            (Math.abs(row[index]) + range.step()) * scale / 2 + Math.abs(weights[index]) * range.step();
                }
                return bound;
            });
        });
    }

    /** Calibration found nothing but zeros there. */
    @Test
    void aLayerWhoseRangeStaysItsRowsOwnIsMixed() {
        Scheme scheme = Scheme.parse("int8,activations:static-symmetric");
        Calibration calibration = new Calibration(Map.of(), Map.of("linear.1", RowRange.OWN));
        Fuzz.rounds(1).run(round -> {
            LinearModel model = LinearModel.draw(round, 64, 128);
            Graph changed =
                    scheme.after(NOTHING, true, calibration).run(model.graph()).graph();
            assertThat(changed.nodes().getFirst().op()).isEqualTo(new Op.QuantizedLinear(Activation.NONE));
            isAlike(changed.constants(), constants(Precision.INT8, model));
        });
    }

    /** As PyTorch stores them and as an ONNX MatMul does: the same bytes, nibbles and scales. */
    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"INT8", "INT4"})
    void weightsMayLieEitherWay(Precision precision) {
        Fuzz.rounds(10).run(round -> {
            LinearModel model = LinearModel.draw(round, round.between(64, 70), LinearModel.depth(round));
            isAlike(constants(precision, model.lyingByInputs()), constants(precision, model));
        });
    }

    private static void isAlike(Map<String, Tensor> constants, Map<String, Tensor> wanted) {
        assertThat(constants).containsOnlyKeys(wanted.keySet());
        constants.forEach((name, found) -> assertThat(found.toFloatArray())
                .as(name)
                .containsExactly(Objects.requireNonNull(wanted.get(name)).toFloatArray()));
    }

    private static Map<String, Tensor> constants(Precision precision, LinearModel model) {
        return precision.after(NOTHING, true).run(model.graph()).graph().constants();
    }

    /** The sum of eight such weights is not finite, and what they give is. */
    @Test
    void theLargestWeightsDoNotOverflow() {
        float[] weights = new float[64 * 128];
        Arrays.fill(weights, 3e38f);
        float[] row = new float[128];
        row[0] = 1;
        LinearModel model = LinearModel.of(weights, new float[64], 128);
        for (LinearModel each : List.of(model, model.lyingByInputs())) {
            Graph changed =
                    Precision.INT8.after(NOTHING, true).run(each.graph()).graph();
            for (float value : each.run(changed, row)) {
                assertThat(value).isCloseTo(3e38f, within(3e38f / 254));
            }
        }
    }
}
