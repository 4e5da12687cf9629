package dev.hone.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hone.HoneException;
import dev.hone.kernel.Activation;
import dev.hone.kernel.LinearProblem;
import dev.hone.kernel.LinearProduct;
import dev.hone.kernel.LinearSchedule;
import dev.hone.kernel.RowForm;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The search: what it looks at, that nothing it looks at changes a bit, and when it changes anything. */
final class TunerTest {
    private static final Machine MACHINE = Machine.detect();
    private static final TuningListener SILENT = new TuningListener() {
        @Override
        public void begin(TuningTask task, int number, int tasks) {}

        @Override
        public void found(TuningTask task, TuningRecord record) {}
    };

    static Stream<LinearProblem> problems() {
        return Arrays.stream(LinearProduct.values())
                .filter(product ->
                        product != LinearProduct.BFLOATS || MACHINE.isa().hasBfloatProducts())
                .map(product -> new LinearProblem(MACHINE.isa(), product, Activation.RELU, RowForm.FLOATS, 37, 131));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void noScheduleChangesABit(LinearProblem problem) {
        SearchSpace space = new SearchSpace(problem, MACHINE, 2);
        LinearSchedule usual = problem.usualSchedule();
        List<LinearSchedule> schedules = new ArrayList<>(List.of(usual));
        schedules.addAll(space.tiles(usual));
        schedules.add(space.fetches(usual).getFirst());
        schedules.add(usual.withBlockBytes(1024));
        schedules.add(usual.withDepthBlock(5));
        schedules.add(usual.withDepthBlock(8).withBlockBytes(1024).withBandRows(1));
        try (ScheduleTrial trial = new ScheduleTrial(new TuningTask(problem, 2), schedules, 2)) {
            trial.check();
            List<Gain> gains = trial.measure(0);
            assertThat(gains).hasSameSizeAs(schedules);
            assertThat(gains.getFirst()).isEqualTo(Gain.NONE);
            assertThat(gains).allSatisfy(gain -> assertThat(gain.ratio()).isBetween(0.02, 50.0));
        }
    }

    @Test
    void nothingIsLeftOfATrialThatFindsNoMemory() throws IOException {
        Path promises = Path.of("/proc/sys/vm/overcommit_memory");
        assumeThat(Files.isReadable(promises) && !Files.readString(promises).startsWith("1"))
                .as("optional: this system may promise more memory than it has")
                .isTrue();
        LinearProblem endless = floats(Integer.MAX_VALUE - Short.MAX_VALUE);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<LinearSchedule> schedules = List.of(endless.usualSchedule());
        assertThatThrownBy(() -> new ScheduleTrial(new TuningTask(endless, 1), schedules, 3))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("memory");
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .noneMatch(thread -> thread.getName().startsWith("hone-worker-"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void tilesFitTheRegistersAndDiffer(LinearProblem problem) {
        LinearSchedule usual = problem.usualSchedule();
        List<LinearSchedule> tiles = new SearchSpace(problem, MACHINE, 2).tiles(usual);
        CostModel model = new CostModel(problem, MACHINE, 2);
        assertThat(model.fits(usual)).isTrue();
        assertThat(tiles)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .doesNotContain(usual)
                .allMatch(model::fits);
    }

    @ParameterizedTest
    @MethodSource("problems")
    void bandsDifferInTheirNumber(LinearProblem problem) {
        LinearSchedule usual = problem.usualSchedule();
        assertThat(new SearchSpace(problem, MACHINE, 2).bands(usual))
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(schedule ->
                        schedule.withBandRows(LinearSchedule.ESTIMATED).equals(usual));
        assertThat(new SearchSpace(problem, MACHINE, 1).bands(usual))
                .as("nothing is shared by one worker")
                .isEmpty();
    }

    @Test
    void blocksOfTheDepthAreShorterThanIt() {
        LinearProblem deep = floats(3072);
        LinearSchedule usual = deep.usualSchedule();
        assertThat(new SearchSpace(deep, MACHINE, 2).depths(usual))
                .doesNotHaveDuplicates()
                .doesNotContain(usual)
                .extracting(LinearSchedule::depthBlock)
                .contains(LinearSchedule.WHOLE, 192, 384, 768, 1536);
        assertThat(depths(floats(384))).extracting(LinearSchedule::depthBlock).containsOnly(192);
        assertThat(depths(floats(64))).isEmpty();
    }

    private static List<LinearSchedule> depths(LinearProblem problem) {
        return new SearchSpace(problem, MACHINE, 2).depths(problem.usualSchedule());
    }

    /** Panels of 48 columns and 1536 words take more than a quarter of a megabyte. */
    @Test
    void largePanelsAreCutWithoutTuning() {
        assertThat(floats(768).usualSchedule().depthBlock()).isEqualTo(LinearSchedule.WHOLE);
        assertThat(floats(1536).usualSchedule().depthBlock()).isEqualTo(768);
        LinearProblem bytes =
                new LinearProblem(Isa.AVX512_VNNI, LinearProduct.BYTES, Activation.NONE, RowForm.FLOATS, 3072, 768);
        assertThat(bytes.usualSchedule().depthBlock()).isEqualTo(LinearSchedule.WHOLE);
    }

    private static LinearProblem floats(int depth) {
        return new LinearProblem(Isa.AVX512, LinearProduct.FLOATS, Activation.NONE, RowForm.FLOATS, depth, 768);
    }

    @Test
    void theModelPrefersTilesThatKeepTheUnitsBusy() {
        LinearProblem problem = floats(768);
        CostModel model = new CostModel(problem, MACHINE, 1);
        LinearSchedule wide = new LinearSchedule(8, 3, 0, 1 << 19);
        LinearSchedule narrow = new LinearSchedule(2, 1, 0, 1 << 19);
        assertThat(model.cycles(narrow, 512)).isGreaterThan(2 * model.cycles(wide, 512));
        assertThat(model.fits(new LinearSchedule(10, 3, 0, 1))).isFalse();
    }

    @Test
    void everyTaskGetsARecordTheHeaviestFirst() {
        List<TuningTask> tasks = List.of(task(16, 1), task(48, 4), task(32, 2));
        List<TuningRecord> records = new ArrayList<>();
        List<TuningTask> left = new Tuner(MACHINE, 1, SILENT).run(tasks, Duration.ofSeconds(1), records::add);
        assertThat(records.size() + left.size()).isEqualTo(tasks.size());
        assertThat(records.getFirst().problem()).isEqualTo(task(48, 4).problem().line());
        assertThat(records).allSatisfy(record -> {
            assertThat(record.processor()).isEqualTo(MACHINE.model());
            assertThat(record.gain().equals(Gain.NONE) || record.gain().isSure())
                    .isTrue();
        });
    }

    @Test
    void nothingIsBegunWithoutTime() {
        List<TuningTask> tasks = List.of(task(16, 1));
        assertThat(new Tuner(MACHINE, 1, SILENT).run(tasks, Duration.ZERO, record -> {}))
                .isEqualTo(tasks);
    }

    @Test
    void aGainWithinNoiseIsNotSure() {
        double[] scattered =
                IntStream.range(0, 20).mapToDouble(i -> i % 2 == 0 ? 0.9 : 1.05).toArray();
        double[] steady =
                IntStream.range(0, 20).mapToDouble(i -> 0.9 + i / 1000.0).toArray();
        assertThat(Gain.of(scattered).isSure()).isFalse();
        assertThat(Gain.of(steady).isSure()).isTrue();
        assertThat(Gain.of(steady).low()).isLessThan(Gain.of(steady).ratio());
        assertThat(Gain.NONE.isSure()).isFalse();
    }

    private static TuningTask task(int columns, int count) {
        return new TuningTask(
                new LinearProblem(MACHINE.isa(), LinearProduct.FLOATS, Activation.NONE, RowForm.FLOATS, 24, columns),
                count);
    }
}
