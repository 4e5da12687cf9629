package dev.hone.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.Op;
import dev.hone.tensor.DType;
import dev.hone.tensor.Nibbles;
import dev.hone.tensor.QuantizedRow;
import dev.hone.tensor.Rotation;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.RandomEncoder;
import dev.hone.transform.PassAccount.Refusal;
import dev.hone.transform.Pipeline;
import dev.hone.transform.TransformReport;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each precision makes of layers: fires, stays silent and says why, keeps the numbers as far as it can. */
final class PrecisionTest {
    private static final Pipeline NOTHING = Pipeline.named("nothing");

    /** Rows and weight rows are mixed alike, so that the bound is one of mixed numbers. */
    @Test
    void bytesKeepTheNumbersUpToTheirSteps() {
        Fuzz.rounds(20).run(round -> {
            LinearModel model = LinearModel.draw(round, round.between(64, 70), LinearModel.depth(round));
            Graph changed = changed(Precision.INT8, model.graph());
            assertThat(changed.nodes().getFirst().op()).isInstanceOf(Op.QuantizedLinear.class);
            assertThat(changed.constants()).containsOnlyKeys("w.bytes", "w.scales", "b");
            model.compare(changed, LinearModel.rows(round, model.depth()), (row, weights) -> {
                float step = QuantizedRow.of(row).step();
                float[] mixedRow = LinearModel.mixed(row, 1);
                float[] mixedWeights = LinearModel.mixed(weights, new Rotation(weights.length).parts());
                float scale = LinearModel.magnitude(mixedWeights) / 127;
                double bound = 0;
                for (int index = 0; index < row.length; index++) {
                    bound += (Math.abs(mixedRow[index]) + step) * scale / 2 + Math.abs(mixedWeights[index]) * step;
                }
                return bound;
            });
        });
    }

    /** A scale of an eighth of the group's largest magnitude is among those that are tried. */
    @Test
    void nibblesKeepTheNumbersUpToTheirGroupsSteps() {
        Fuzz.rounds(20).run(round -> {
            LinearModel model = LinearModel.draw(round, round.between(64, 70), LinearModel.depth(round));
            Graph changed = changed(Precision.INT4, model.graph());
            assertThat(changed.nodes().getFirst().op()).isInstanceOf(Op.GroupedLinear.class);
            assertThat(changed.constants()).containsOnlyKeys("w.nibbles", "w.scales", "b");
            model.compare(changed, LinearModel.rows(round, model.depth()), (row, weights) -> {
                float step = QuantizedRow.of(row).step();
                float[] mixedRow = LinearModel.mixed(row, 1);
                float[] mixedWeights = LinearModel.mixed(weights, new Rotation(weights.length).parts());
                double bound = 0;
                for (int first = 0; first < row.length; first += Nibbles.GROUP) {
                    int end = Math.min(first + Nibbles.GROUP, row.length);
                    float scale = LinearModel.magnitude(Arrays.copyOfRange(mixedWeights, first, end)) / 8 * 1.01f;
                    double squares = 0;
                    for (int index = first; index < end; index++) {
                        squares += Math.pow(Math.abs(mixedRow[index]) + step, 2);
                        bound += Math.abs(mixedWeights[index]) * step;
                    }
                    bound += Math.sqrt(squares * (end - first)) * scale;
                }
                return bound;
            });
        });
    }

    /** Sixteen levels: whole numbers from -8 to 7 times a power of two come back as they were, whatever their sign. */
    @Test
    void groupsOfSixteenLevelsAreExact() {
        Fuzz.rounds(5).run(round -> {
            float[] weights = new float[64 * 80];
            for (int index = 0; index < weights.length; index++) {
                float unit = index / 80 % 2 == 0 ? 0x1p-5f : -0x1p3f;
                weights[index] = unit * (index % 80 % 32 == 3 ? -8 : round.between(-8, 7));
            }
            Arrays.fill(weights, 160, 240, 0);
            Arrays.fill(weights, 240, 320, 0x1p-110f);
            Graph changed = changed(
                    Precision.INT4, LinearModel.of(weights, new float[64], 80).graph());
            Tensor nibbles = Objects.requireNonNull(changed.constants().get("w.nibbles"));
            float[] scales =
                    Objects.requireNonNull(changed.constants().get("w.scales")).toFloatArray();
            float[] restored = nibbles.toFloatArray();
            for (int index = 0; index < restored.length; index++) {
                restored[index] *= scales[index / 80 * 3 + index % 80 / 32];
            }
            Arrays.fill(weights, 240, 320, 0);
            assertThat(restored)
                    .as("weights; those too small for a scale are zero")
                    .containsExactly(weights);
        });
    }

    @Test
    void bfloatsKeepTheNumbersToEightBits() {
        keepsBits(Precision.BF16, true, DType.BF16, 0x1p-8 * 2.01);
        keepsBits(Precision.BF16, false, DType.F32, 0x1p-8);
    }

    @Test
    void halvesKeepTheNumbersToElevenBits() {
        keepsBits(Precision.F16, false, DType.F32, 0x1p-11);
    }

    private static void keepsBits(Precision precision, boolean products, DType arithmetic, double relative) {
        Fuzz.rounds(10).run(round -> {
            LinearModel model = LinearModel.draw(round, 64, round.between(32, 80));
            Graph changed =
                    precision.after(NOTHING, products).run(model.graph()).graph();
            Op.Linear op = (Op.Linear) changed.nodes().getFirst().op();
            assertThat(op.arithmetic()).isEqualTo(arithmetic);
            assertThat(changed.nodes().getFirst().input(1).type())
                    .isEqualTo(precision == Precision.F16 ? DType.F16 : DType.BF16);
            model.compare(changed, round.floats(2 * model.depth(), 1), (row, weights) -> {
                double bound = 0;
                for (int index = 0; index < row.length; index++) {
                    bound += Math.abs(row[index]) * (Math.abs(weights[index]) * relative + 0x1p-25);
                }
                return bound;
            });
        });
    }

    @Test
    void weightsBeyondHalvesStayFloats() {
        float[] weights = new float[64 * 32];
        weights[5] = -65520;
        LinearModel model = LinearModel.of(weights, new float[64], 32);
        assertThat(refusals(Precision.F16, model.graph()))
                .containsExactly(new Refusal("linear.1", reason("holds 65520.0, beyond the range of f16")));
        weights[5] = 65519;
        assertThat(refusals(
                        Precision.F16,
                        LinearModel.of(weights, new float[64], 32).graph()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F32"})
    void brokenWeightsStayFloats(Precision precision) {
        for (float broken : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            float[] weights = new float[64 * 32];
            weights[7] = broken;
            LinearModel model = LinearModel.of(weights, new float[64], 32);
            assertThat(refusals(precision, model.graph()))
                    .containsExactly(new Refusal("linear.1", reason("holds numbers that are not finite")));
        }
    }

    /** Checkpoints often hold f16; such a layer must not stay as it is. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F16", "BF16"})
    void constantsOfSixteenBitsAreLoweredToo(DType type) {
        Fuzz.rounds(1).run(round -> {
            Graph graph = LinearModel.draw(round, 64, 32).as(type).graph();
            assertThat(changed(Precision.INT8, graph).nodes().getFirst().op()).isInstanceOf(Op.QuantizedLinear.class);
            assertThat(changed(Precision.BF16, graph).nodes().getFirst().op())
                    .isEqualTo(new Op.Linear(Activation.NONE, DType.BF16));
            assertThat(refusals(Precision.F16, graph)).isEmpty();
        });
    }

    @Test
    void smallLayersStayFloats() {
        Fuzz.rounds(1).run(round -> {
            assertThat(refusals(Precision.INT8, LinearModel.draw(round, 63, 32).graph()))
                    .containsExactly(new Refusal("linear.1", "it has 63 outputs, fewer than 64"));
            assertThat(refusals(Precision.BF16, LinearModel.draw(round, 64, 31).graph()))
                    .containsExactly(new Refusal("linear.1", "it has 31 inputs, fewer than 32"));
        });
    }

    /** Every linear layer of an encoder is changed or has its reason; nothing else is. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyLayerIsAccountedFor(Precision precision) {
        Fuzz.rounds(20).run(round -> {
            Graph before = RandomEncoder.draw(round).graph();
            Pipeline.Result result = precision.after(NOTHING, true).run(before);
            Graph after = result.graph();
            assertThat(after.nodes()).hasSameSizeAs(before.nodes());
            List<TransformReport.Entry> entries = result.report().entries();
            assertThat(entries)
                    .hasSize(
                            switch (precision) {
                                case F32 -> 0;
                                case F16 -> 1;
                                case BF16, INT8, INT4 -> 2;
                            });
            if (!entries.isEmpty()) {
                int accounted = entries.getFirst().fired()
                        + entries.getFirst().refusals().size();
                assertThat(accounted).isEqualTo(count(before, Op.Linear.class));
            }
            boolean bfloats = precision == Precision.BF16 || precision == Precision.INT8 || precision == Precision.INT4;
            assertThat(after.nodes().stream()
                            .filter(node -> node.op() instanceof Op.Attention attention
                                    && (attention.arithmetic() == DType.BF16) == bfloats))
                    .hasSize((int) count(before, Op.Attention.class));
        });
    }

    @Test
    void namesAreReadAndWritten() {
        assertThat(Arrays.stream(Precision.values()).map(Precision::label).map(Precision::parse))
                .containsExactly(Precision.values());
        assertThat(Precision.parse("INT8")).isEqualTo(Precision.INT8);
        assertThatThrownBy(() -> Precision.parse("int3"))
                .isInstanceOf(HoneException.class)
                .hasMessage("unknown precision 'int3': use one of f32, bf16, f16, int8, int4");
    }

    private static Graph changed(Precision precision, Graph graph) {
        return precision.after(NOTHING, true).run(graph).graph();
    }

    private static List<Refusal> refusals(Precision precision, Graph graph) {
        return precision
                .after(NOTHING, false)
                .run(graph)
                .report()
                .entries()
                .getFirst()
                .refusals();
    }

    private static String reason(String end) {
        return "its weight %w: f32[64, 32] " + end;
    }

    private static long count(Graph graph, Class<? extends Op> kind) {
        return graph.nodes().stream().filter(node -> kind.isInstance(node.op())).count();
    }
}
