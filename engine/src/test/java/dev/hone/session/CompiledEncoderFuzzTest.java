package dev.hone.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.hone.HoneException;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.quantize.Precision;
import dev.hone.runtime.Plan;
import dev.hone.runtime.PlanOutput;
import dev.hone.session.EncoderOutputs.Output;
import dev.hone.testkit.Fuzz;
import dev.hone.testkit.RandomEncoder;
import dev.hone.testkit.ReferenceEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiled plans against the reference interpreter, on random encoders and ragged batches. */
class CompiledEncoderFuzzTest {
    static Stream<Isa> instructionSets() {
        Isa best = Machine.detect().isa();
        return Arrays.stream(Isa.values()).filter(best::includes);
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void compiledEqualsReference(Isa isa) {
        int rounds = Fuzz.seconds(3).run(round -> {
            RandomEncoder encoder = RandomEncoder.draw(round);
            TokenBatch batch = encoder.batch(round, round.between(1, 4));
            SessionOptions options = SessionOptions.defaults().withIsa(isa).withThreads(round.between(1, 3));
            try (Plan plan = PlanCompiler.compile(encoder.graph(), options);
                    ReferenceEncoder reference = new ReferenceEncoder(encoder.graph(), encoder.positions())) {
                float[][] answers = plan.run(batch.ids(), batch.types());
                compare(encoder, plan.outputs(), answers, reference.run(batch));
            }
        });
        assertThat(rounds).isGreaterThan(0);
    }

    /**
     * A sum of n products is off by at most n + 1 ulp of the sum of its magnitudes, which rows of unit scale and
     * weights
     * of 1/√n keep near 1; every layer adds the error of its four products, its softmax and its two normalisations to
     * what it was given. 16 covers what does not grow with the depth.
     */
    private static void compare(
            RandomEncoder encoder, List<PlanOutput> outputs, float[][] answers, EncoderOutputs expected) {
        assertThat(outputs).hasSameSizeAs(expected.byName().keySet());
        for (int index = 0; index < answers.length; index++) {
            Output output = expected.get(outputs.get(index).name());
            assertThat(answers[index]).hasSameSizeAs(output.values()).isNotEmpty();
            double largest = 1;
            for (float value : output.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            double bound = Math.ulp(1f) * (encoder.depth() + 16) * 4 * (encoder.layers() + 1) * largest;
            for (int at = 0; at < answers[index].length; at++) {
                assertThat((double) answers[index][at])
                        .as("%s[%d]", outputs.get(index).name(), at)
                        .isCloseTo(output.values()[at], offset(bound));
            }
        }
    }

    /** 30 sequences are enough rows that workers take whole sequences, and that the batch is run in pieces. */
    @Test
    void anAnswerDependsNeitherOnTheBatchNorOnTheThreads() {
        Fuzz.rounds(6).run(round -> {
            RandomEncoder encoder = RandomEncoder.draw(round);
            TokenBatch batch = encoder.batch(round, 30);
            try (Plan one = PlanCompiler.compile(
                            encoder.graph(), SessionOptions.defaults().withThreads(1));
                    Plan two = PlanCompiler.compile(
                            encoder.graph(), SessionOptions.defaults().withThreads(2))) {
                float[][] together = two.run(batch.ids(), batch.types());
                assertThat(one.run(batch.ids(), batch.types())).isDeepEqualTo(together);
                int row = 0;
                for (int sequence = 0; sequence < batch.size(); sequence++) {
                    int[] ids = batch.ids()[sequence];
                    float[][] alone = two.run(new int[][] {ids}, new int[][] {batch.types()[sequence]});
                    checkPart(two.outputs(), together, alone, new int[] {row, sequence, ids.length});
                    row += ids.length;
                }
            }
        });
    }

    /**
     * From some rows on, workers go on with rows of their own and are several steps apart. More of them than cores, so
     * that they are far apart.
     */
    @Test
    void workersWithRowsOfTheirOwnAnswerAsOne() {
        Fuzz.rounds(4).run(round -> {
            RandomEncoder encoder = RandomEncoder.draw(round);
            TokenBatch batch = encoder.batch(round, 12);
            SessionOptions options =
                    SessionOptions.defaults().withPrecision(round.oneOf(Precision.F32, Precision.BF16, Precision.INT8));
            try (Plan one = PlanCompiler.compile(encoder.graph(), options.withThreads(1));
                    Plan many = PlanCompiler.compile(encoder.graph(), options.withThreads(round.between(2, 5)))) {
                float[][] expected = one.run(batch.ids(), batch.types());
                for (int call = 0; call < 20; call++) {
                    assertThat(many.run(batch.ids(), batch.types())).isDeepEqualTo(expected);
                }
            }
        });
    }

    /** @param place first row, number and length of the sequence */
    private static void checkPart(List<PlanOutput> outputs, float[][] together, float[][] alone, int[] place) {
        for (int index = 0; index < alone.length; index++) {
            PlanOutput output = outputs.get(index);
            int first = (output.perToken() ? place[0] : place[1]) * output.width();
            int count = (output.perToken() ? place[2] : 1) * output.width();
            assertThat(alone[index])
                    .as("%s of sequence %d", output.name(), place[1])
                    .isEqualTo(Arrays.copyOfRange(together[index], first, first + count));
        }
    }

    @Test
    void concurrentCallsAnswerAsCallsInTurn() {
        Fuzz.rounds(1).run(round -> {
            RandomEncoder encoder = RandomEncoder.draw(round);
            TokenBatch batch = encoder.batch(round, 5);
            try (Plan plan = PlanCompiler.compile(
                            encoder.graph(), SessionOptions.defaults().withThreads(2));
                    ExecutorService callers = Executors.newFixedThreadPool(4)) {
                float[][] expected = plan.run(batch.ids(), batch.types());
                List<Future<float[][]>> answers = new ArrayList<>();
                for (int call = 0; call < 40; call++) {
                    answers.add(callers.submit(() -> plan.run(batch.ids(), batch.types())));
                }
                for (Future<float[][]> answer : answers) {
                    assertThat(answer.get()).isDeepEqualTo(expected);
                }
            }
        });
    }

    @Test
    void aClosedPlanRefusesWork() {
        Fuzz.rounds(1).run(round -> {
            RandomEncoder encoder = RandomEncoder.draw(round);
            TokenBatch batch = encoder.batch(round, 1);
            Plan plan = PlanCompiler.compile(encoder.graph(), SessionOptions.defaults());
            plan.run(batch.ids(), batch.types());
            plan.close();
            plan.close();
            assertThatThrownBy(() -> plan.run(batch.ids(), batch.types()))
                    .isInstanceOfSatisfying(
                            HoneException.class,
                            refusal -> assertThat(refusal.category()).isEqualTo(HoneException.Category.CLOSED));
        });
    }
}
