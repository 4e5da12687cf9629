package dev.hone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.HoneException;
import dev.hone.measure.LatencyBenchmark.Conditions;
import dev.hone.measure.TurnTimer.Turn;
import dev.hone.quantize.Precision;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.EncoderOutputs.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class LatencyBenchmarkTest {
    private static final InputShape SHAPE = new InputShape(2, 3);

    private long now;

    @Test
    void contestantsTakeTurnsInAlternatingOrderAndTheFirstCallsDoNotCount() {
        List<String> order = new ArrayList<>();
        List<List<double[]>> blocks = timer(1.0)
                .time(List.of(call("slow", 10_000_000, order), call("quick", 5_000_000, order)), () -> order.add("|"));
        assertThat(blocks).hasSize(2);
        assertThat(blocks.get(0)).hasSize(Schedule.ofSeconds(1.0).rounds());
        assertThat(blocks.get(0)).allSatisfy(block -> assertThat(block).containsOnly(10.0));
        assertThat(blocks.get(1)).allSatisfy(block -> assertThat(block).containsOnly(5.0));
        // 200 ms a turn: 20 counted calls of the slow one and 3 before them that reach the 25 ms of settling.
        List<String> turns = List.of(String.join(" ", order).split("\\|"));
        assertThat(turns.get(1).strip().split(" ")).hasSize(40 + 5).containsOnly("quick");
        assertThat(turns.get(2).strip().split(" ")).hasSize(40 + 5).containsOnly("quick");
        assertThat(turns.get(3).strip().split(" ")).hasSize(20 + 3).containsOnly("slow");
    }

    @Test
    void latencyIsReportedInMillisecondsWithItsShareOfThePeak() {
        Contestant contestant = new Contestant("fake", Precision.F32, new FakeSession(0, () -> now += 2_000_000));
        LatencyBenchmark benchmark = benchmark(List.of(contestant), OptionalDouble.of(1e7));
        Latency latency = benchmark.measure(SHAPE, () -> {}).getFirst();
        assertThat(latency.medianMillis()).isEqualTo(2);
        assertThat(latency.low95Millis()).isEqualTo(2);
        assertThat(latency.high95Millis()).isEqualTo(2);
        assertThat(latency.sequencesPerSecond()).isEqualTo(1000);
        assertThat(latency.shareOfLimit()).isCloseTo(6e3 / 2e-3 / 1e7, within(1e-9));
        assertThat(latency.samples()).isGreaterThan(10);
    }

    @Test
    void wrongAnswersAreNotTimed() {
        FakeSession right = new FakeSession(0, () -> now += 1_000_000);
        FakeSession wrong = new FakeSession(1, () -> now += 1_000);
        LatencyBenchmark benchmark = benchmark(
                List.of(new Contestant("right", Precision.F32, right), new Contestant("wrong", Precision.F32, wrong)),
                OptionalDouble.empty());
        assertThatThrownBy(() -> benchmark.measure(SHAPE, () -> {}))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("answers differ at 2x3")
                .hasMessageContaining("wrong f32");
        assertThat(wrong.runs).isEqualTo(1);
    }

    @Test
    void differencesAreRelativeToTheLargestValueAndNotANumberNeverPasses() {
        AnswerDifference difference =
                AnswerDifference.between(outputs("logits", 1f, -4f), outputs("logits", 1.5f, -4f));
        assertThat(difference.largestAbsolute()).isEqualTo(0.5);
        assertThat(difference.largestRelative()).isEqualTo(0.125);
        assertThat(difference.values()).isEqualTo(2);
        assertThat(AnswerDifference.between(outputs("logits", 1f), outputs("logits", Float.NaN))
                        .largestRelative())
                .isInfinite();
        assertThatThrownBy(() -> AnswerDifference.between(outputs("a", 1f), outputs("b", 1f)))
                .hasMessageContaining("no common output");
        assertThatThrownBy(() -> AnswerDifference.between(outputs("a", 1f), outputs("a", 1f, 2f)))
                .hasMessageContaining("output a");
    }

    @Test
    void shapesAreParsedAndRefused() {
        assertThat(InputShape.parseAll("1x8, 32x64")).containsExactly(new InputShape(1, 8), new InputShape(32, 64));
        for (String wrong : List.of("", "8", "0x8", "1x0", "1x", "x", "1x8,", "-1x8", "999999x9999999", "1X8")) {
            assertThatThrownBy(() -> InputShape.parseAll(wrong)).as(wrong).isInstanceOf(HoneException.class);
        }
        assertThat(new InputShape(2, 5).tokens(50, 1).rows()).isEqualTo(10);
    }

    @Test
    void throughputCountsSequencesOfAPass() {
        FakeSession session = new FakeSession(0, () -> now += 10_000_000);
        var benchmark = new ThroughputBenchmark(List.of(new Contestant("fake", Precision.F32, session)), timer(0.5));
        int[][] texts = {{1, 2, 3}, {4}, {5, 6}};
        var given = benchmark.inGivenOrder(texts, 2, () -> {}).getFirst();
        // Two batches of 10 ms for three texts.
        assertThat(given.perSecond()).isCloseTo(150, within(1e-9));
        assertThat(given.order()).isEqualTo("given");
        assertThat(benchmark.sortedByLength(texts, 2, () -> {}).getFirst().order())
                .isEqualTo("sorted");
        assertThat(texts[0]).hasSize(3);
        assertThat(ThroughputBenchmark.batches(texts, 2)).hasSize(2);
    }

    @Test
    void machineRecordsSayWhatTheyKnow() {
        MachineRecord machine = MachineRecord.here(Map.of("fake", "1"));
        assertThat(machine.cores()).isPositive();
        assertThat(machine.javaRuntime()).contains("25");
        assertThat(machine.engines()).containsEntry("fake", "1");
    }

    private TurnTimer timer(double seconds) {
        return new TurnTimer(Schedule.ofSeconds(seconds), () -> now, () -> {});
    }

    private LatencyBenchmark benchmark(List<Contestant> contestants, OptionalDouble peak) {
        return new LatencyBenchmark(
                contestants, new Conditions(1, 50, shape -> 1e3 * shape.batch() * shape.sequence(), peak), timer(0.5));
    }

    private Turn call(String name, long nanos, List<String> order) {
        Runnable call = () -> {
            order.add(name);
            now += nanos;
        };
        return new Turn(call, call);
    }

    private static EncoderOutputs outputs(String name, float... values) {
        return new EncoderOutputs(Map.of(name, new Output(false, values.length, values)));
    }
}
