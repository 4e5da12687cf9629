package dev.hone.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.graph.Activation;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphBuilder;
import dev.hone.graph.LayerNames;
import dev.hone.graph.Node;
import dev.hone.graph.Op;
import dev.hone.graph.Value;
import dev.hone.reference.ReferenceInterpreter;
import dev.hone.tensor.DType;
import dev.hone.tensor.Dim;
import dev.hone.tensor.QuantizedRow;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.Fuzz.Round;
import dev.hone.testkit.RandomEncoder;
import dev.hone.testkit.ReferenceEncoder;
import dev.hone.transform.Pipeline;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Scaled inputs: the numbers stay, other readers are left alone, and an outlier costs the others less. */
final class SmoothLinearTest {
    private static final Pipeline NOTHING = Pipeline.named("nothing");
    private static final Scheme SMOOTH = Scheme.parse("int8,smooth:0.5");
    private static final int WIDTH = 64;

    /** Factors are powers of two, so that only sums are rounded otherwise. */
    @Test
    void encodersAnswerAlikeAfterScaling() {
        Fuzz.rounds(10).run(round -> {
            RandomEncoder encoder = RandomEncoder.draw(round);
            Graph before = encoder.graph();
            Graph after =
                    SMOOTH.smoothed(NOTHING, drawn(round, before)).run(before).graph();
            assertThat(LayerNames.of(after).values())
                    .containsExactlyElementsOf(LayerNames.of(before).values());
            var batch = encoder.batch(round, 1);
            try (ReferenceEncoder first = new ReferenceEncoder(before, encoder.positions());
                    ReferenceEncoder second = new ReferenceEncoder(after, encoder.positions())) {
                var wanted = first.run(batch);
                var found = second.run(batch);
                wanted.byName()
                        .forEach((name, output) -> assertThat(
                                        distance(found.get(name).values(), output.values()))
                                .as(name)
                                .isLessThan(1e-4));
            }
        });
    }

    private static double distance(float[] values, float[] wanted) {
        double squares = 0;
        double length = 1e-12;
        for (int index = 0; index < wanted.length; index++) {
            squares += Math.pow(values[index] - wanted[index], 2);
            length += Math.pow(wanted[index], 2);
        }
        return Math.sqrt(squares / length);
    }

    private static Calibration drawn(Round round, Graph graph) {
        Map<String, InputSizes> sizes = new HashMap<>();
        graph.nodes().stream().filter(node -> node.op() instanceof Op.Linear).forEach(node -> {
            int width = (int) node.input(0).shape().last().value();
            InputSizes seen = new InputSizes(width);
            seen.observe(round.floats(3 * width, 4));
            sizes.put(node.name(), seen);
        });
        return new Calibration(sizes, Map.of());
    }

    /** A norm with a residual reader behind it and a linear layer; one of its outputs is a hundred times the others. */
    private static Graph outlier(Round round) {
        GraphBuilder builder = new GraphBuilder("outlier");
        Value x = builder.input("x", DType.F32, Shape.of(Dim.BATCH, Dim.SEQUENCE, Dim.of(WIDTH)));
        float[] gamma = new float[WIDTH];
        Arrays.fill(gamma, 1);
        gamma[9] = 100;
        Value scale = vector(builder, "gamma", gamma);
        Value shift = vector(builder, "beta", round.floats(WIDTH, 0.1f));
        Value norm = builder.add(new Op.LayerNorm(1e-5), x, scale, shift);
        Tensor weights = Tensor.ofFloats(Shape.of(WIDTH, WIDTH), round.floats(WIDTH * WIDTH, 1));
        Op linear = new Op.Linear(Activation.NONE, DType.F32);
        Value product = builder.addNamed(
                "product",
                linear,
                List.of(norm, builder.constant("w", weights), vector(builder, "b", new float[WIDTH])));
        builder.output("sum", builder.add(new Op.ResidualLayerNorm(1e-5), product, norm, scale, shift));
        return builder.build();
    }

    private static Value vector(GraphBuilder builder, String name, float[] values) {
        return builder.constant(name, Tensor.ofFloats(Shape.of(values.length), values));
    }

    private static float[] run(Graph graph, String output, Tensor x) {
        return Objects.requireNonNull(
                        ReferenceInterpreter.run(graph, Map.of("x", x)).get(output))
                .toFloatArray();
    }

    private static Graph withOutput(Graph graph, Value value) {
        return new Graph(graph.name(), graph.inputs(), graph.constants(), graph.nodes(), Map.of("value", value));
    }

    @Test
    void anOutlierColumnLeavesTheOthersTheirResolution() {
        Fuzz.rounds(10).run(round -> {
            Graph before = outlier(round);
            Tensor x = Tensor.ofFloats(Shape.of(1, 20, WIDTH), round.floats(20 * WIDTH, 2));
            Value plain = node(before, "product").input(0);
            float[] rows = run(withOutput(before, plain), "value", x);
            InputSizes sizes = new InputSizes(WIDTH);
            sizes.observe(rows);
            Calibration calibration = new Calibration(Map.of("product", sizes), Map.of());
            Graph after = SMOOTH.smoothed(NOTHING, calibration).run(before).graph();
            assertThat(distance(run(after, "sum", x), run(before, "sum", x))).isLessThan(1e-5);
            assertThat(after.nodes()).as("the residual keeps its norm").hasSize(4);
            float[] smooth = run(withOutput(after, node(after, "product").input(0)), "value", x);
            assertThat(levels(smooth)).isGreaterThan(3 * levels(rows));
            Graph bytes = SMOOTH.after(NOTHING, false, calibration).run(before).graph();
            Graph usual = Precision.INT8.after(NOTHING, false).run(before).graph();
            assertThat(error(before, bytes, x)).isLessThan(error(before, usual, x) / 2);
        });
    }

    private static Node node(Graph graph, String name) {
        return graph.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double error(Graph before, Graph after, Tensor x) {
        return distance(
                run(withOutput(after, node(after, "product").output()), "value", x),
                run(withOutput(before, node(before, "product").output()), "value", x));
    }

    /** How many steps a usual value of a row is away from zero, in the middle of all rows. */
    private static double levels(float[] rows) {
        double[] levels = new double[rows.length / WIDTH];
        for (int row = 0; row < levels.length; row++) {
            float[] values = Arrays.copyOfRange(rows, row * WIDTH, (row + 1) * WIDTH);
            float step = QuantizedRow.of(values).step();
            double[] sizes = new double[WIDTH];
            for (int index = 0; index < WIDTH; index++) {
                sizes[index] = Math.abs(values[index]) / step;
            }
            Arrays.sort(sizes);
            levels[row] = sizes[WIDTH / 2];
        }
        Arrays.sort(levels);
        return levels[levels.length / 2];
    }

    @Test
    void withoutCalibrationThereIsNoSmoothing() {
        assertThatThrownBy(() -> SMOOTH.after(NOTHING, true))
                .isInstanceOf(HoneException.class)
                .hasMessage("the scheme int8,smooth:0.5 needs calibration: give texts to calibrate with");
    }
}
