package dev.hone.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.graph.Graph;
import dev.hone.graph.Op;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.quantize.Precision;
import dev.hone.runtime.Plan;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.Fuzz.Round;
import dev.hone.testkit.RandomEncoder;
import dev.hone.testkit.ReferenceEncoder;
import dev.hone.transform.Pipeline;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiled plans of lower precisions against the reference interpreter, and against themselves. */
class LowPrecisionFuzzTest {
    static Stream<Isa> instructionSets() {
        Isa best = Machine.detect().isa();
        return Arrays.stream(Isa.values()).filter(best::includes);
    }

    static Stream<Arguments> precisions() {
        return instructionSets()
                .flatMap(isa -> Stream.of(Precision.BF16, Precision.F16, Precision.INT8, Precision.INT4)
                        .map(precision -> Arguments.of(isa, precision)));
    }

    /** An encoder of which some layers take the precision, and its graph in it. */
    private record Lowered(RandomEncoder encoder, Graph graph) {
        static Lowered draw(Round round, Precision precision, boolean bfloatProducts) {
            while (true) {
                RandomEncoder encoder = RandomEncoder.draw(round);
                Pipeline passes = precision.after(Pipeline.named("nothing"), bfloatProducts);
                Graph graph = passes.run(encoder.graph(), Optional.empty()).graph();
                boolean changed = graph.nodes().stream()
                        .anyMatch(node -> node.op() instanceof Op.QuantizedLinear
                                || node.op() instanceof Op.GroupedLinear
                                || hasNarrowWeights(graph, node.op()));
                if (changed) {
                    return new Lowered(encoder, graph);
                }
            }
        }

        private static boolean hasNarrowWeights(Graph graph, Op op) {
            return op instanceof Op.Linear
                    && graph.constants().values().stream()
                            .anyMatch(tensor -> tensor.type().bytes() == 2);
        }
    }

    /**
     * Where a value lies between two steps, the last bit of f32 decides for one of them, and the layers behind carry
     * that on: after some layers two right answers differ as rounding itself makes them differ from f32. So a compiled
     * plan must be no further from the reference than twice what the precision costs.
     */
    @ParameterizedTest
    @MethodSource("precisions")
    void compiledIsAsNearToTheReferenceAsThePrecisionAllows(Isa isa, Precision precision) {
        int rounds = Fuzz.rounds(2).run(round -> {
            Lowered lowered = Lowered.draw(round, precision, isa.hasBfloatProducts());
            RandomEncoder encoder = lowered.encoder();
            TokenBatch batch = encoder.batch(round, round.between(1, 3));
            SessionOptions options = SessionOptions.defaults().withIsa(isa).withThreads(round.between(1, 3));
            try (Plan plan = PlanCompiler.compile(lowered.graph(), options);
                    ReferenceEncoder exact = new ReferenceEncoder(encoder.graph(), encoder.positions());
                    ReferenceEncoder reference = new ReferenceEncoder(lowered.graph(), encoder.positions())) {
                float[][] answers = plan.run(batch.ids(), batch.types());
                EncoderOutputs wanted = reference.run(batch);
                EncoderOutputs original = exact.run(batch);
                for (int index = 0; index < answers.length; index++) {
                    String name = plan.outputs().get(index).name();
                    Output output = wanted.get(name);
                    double cost = distance(output.values(), original.get(name).values());
                    double rounding = Math.ulp(1f) * (encoder.depth() + 16) * 8;
                    assertThat(distance(answers[index], output.values()))
                            .as("%s of %s", name, encoder)
                            .isLessThan(2 * cost + rounding);
                }
            }
        });
        assertThat(rounds).isPositive();
    }

    /** Euclidean distance as a part of the second's length. */
    private static double distance(float[] values, float[] reference) {
        assertThat(values).hasSameSizeAs(reference).isNotEmpty();
        double squares = 0;
        double length = 0;
        for (int index = 0; index < values.length; index++) {
            squares += Math.pow(values[index] - reference[index], 2);
            length += Math.pow(reference[index], 2);
        }
        return Math.sqrt(squares / Math.max(length, Float.MIN_NORMAL));
    }

    /**
     * Without bf16 products, all instruction sets with fused multiply-add answer alike, whatever multiplies the bytes.
     */
    @Test
    void portableAnswersHaveTheSameBitsOnAllInstructionSets() {
        List<Isa> fused =
                instructionSets().filter(isa -> isa.includes(Isa.AVX2)).toList();
        for (Precision precision : Precision.values()) {
            Fuzz.rounds(2).run(round -> {
                Lowered lowered = precision == Precision.F32 ? exact(round) : Lowered.draw(round, precision, false);
                TokenBatch batch = lowered.encoder().batch(round, 3);
                float[][] first = null;
                for (Isa isa : fused) {
                    SessionOptions options = SessionOptions.defaults().withIsa(isa);
                    try (Plan plan = PlanCompiler.compile(lowered.graph(), options)) {
                        float[][] answers = plan.run(batch.ids(), batch.types());
                        first = first == null ? answers : first;
                        assertThat(answers).as("%s %s", precision, isa).isDeepEqualTo(first);
                    }
                }
            });
        }
    }

    private static Lowered exact(Round round) {
        RandomEncoder encoder = RandomEncoder.draw(round);
        return new Lowered(encoder, encoder.graph());
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"BF16", "INT8", "INT4"})
    void anAnswerDependsNeitherOnTheBatchNorOnTheThreads(Precision precision) {
        Isa isa = Machine.detect().isa();
        Fuzz.rounds(2).run(round -> {
            Lowered lowered = Lowered.draw(round, precision, isa.hasBfloatProducts());
            TokenBatch batch = lowered.encoder().batch(round, 20);
            SessionOptions options = SessionOptions.defaults().withIsa(isa);
            try (Plan one = PlanCompiler.compile(lowered.graph(), options.withThreads(1));
                    Plan two = PlanCompiler.compile(lowered.graph(), options.withThreads(2))) {
                float[][] together = two.run(batch.ids(), batch.types());
                assertThat(one.run(batch.ids(), batch.types())).isDeepEqualTo(together);
                int[][] ids = {batch.ids()[0]};
                int[][] types = {batch.types()[0]};
                float[][] alone = two.run(ids, types);
                for (int index = 0; index < alone.length; index++) {
                    assertThat(alone[index]).isEqualTo(Arrays.copyOf(together[index], alone[index].length));
                }
            }
        });
    }
}
