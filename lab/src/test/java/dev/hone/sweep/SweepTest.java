package dev.hone.sweep;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.optimize.Journal;
import dev.hone.task.TaskConfiguration;
import dev.hone.task.TextInput;
import dev.hone.testkit.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SweepTest {
    private static final String GRID = """
            task: sst2
            data: dev.tsv
            repeats: 1
            quantize:
              mode: [none, dynamic]
              operators: [MatMul, [MatMul, Attention]]
              weights: [s8, u8]
            """;

    private static final SweepListener UNHEARD = new SweepListener() {
        @Override
        public void measured(SweepRow row, int done, int all, double secondsLeft) {}

        @Override
        public void selecting(Setting base, int operators) {}

        @Override
        public void selected() {}
    };

    @TempDir
    private Path folder;

    private final FakeModels models = new FakeModels();

    @SuppressWarnings("NullAway.Init") // set before each test
    private SweepSubject subject;

    @BeforeEach
    void writeModel() throws IOException {
        List<Example> rows = new ArrayList<>();
        for (int row = 0; row < 48; row++) {
            String id = Integer.toString(row);
            String label = id.hashCode() % 2 == 0 ? "1" : "0";
            rows.add(new Example.Labelled(id, TextInput.of("text " + row), label, "dev.tsv:" + row));
        }
        subject = subject(TinyBert.classifier().write(Files.createDirectory(folder.resolve("model"))), rows);
    }

    private static SweepSubject subject(Path model, List<Example> rows) {
        TaskConfiguration configuration = TaskConfiguration.read(model).withLabels(List.of("negative", "positive"));
        return new SweepSubject(model, configuration, DataTask.SST2, rows, List.of(), 1, 10);
    }

    private SweepResult run(String grid, boolean resume) throws IOException {
        SweepFile file = SweepFile.read(Files.writeString(folder.resolve("sweep.yaml"), grid));
        try (Journal journal = Journal.open(folder.resolve("journal"), resume);
                SweepBench bench = new SweepBench(subject, models, journal, "machine", FakeModels::time)) {
            return new Sweep(subject, file, bench, UNHEARD).run(Duration.ofMinutes(1));
        }
    }

    @Test
    void everySettingHasARowAndEqualFilesAreMeasuredOnce() throws IOException {
        SweepResult result = run(GRID, false);
        assertThat(result.rows())
                .extracting(row -> row.setting().toString())
                .containsExactly(
                        "onnxruntime",
                        "mode=none",
                        "mode=dynamic weights=s8 operators=MatMul",
                        "mode=dynamic weights=s8 operators=Attention,MatMul",
                        "mode=dynamic weights=u8 operators=MatMul",
                        "mode=dynamic weights=u8 operators=Attention,MatMul");
        assertThat(result.rows().get(1).remark()).isEqualTo("the original");
        assertThat(result.rows().get(4).remark()).isEqualTo("no such weights");
        SweepRow quick = result.rows().get(2);
        Cost cost = requireNonNull(quick.cost());
        assertThat(cost.speed()).isEqualTo(3);
        assertThat(cost.speedInterval().low()).isGreaterThan(1);
        assertThat(cost.samplesPerSecond()).isEqualTo(48 / cost.totalSeconds());
        assertThat(requireNonNull(quick.score()).metrics()).containsEntry("accuracy", 1.0);
        assertThat(requireNonNull(result.rows().get(3).score())
                        .change()
                        .interval()
                        .high())
                .isNegative();
        assertThat(result.quickest()).contains(quick);
        assertThat(models.released).contains(quick.setting());
        assertChosenByWhatOperatorsDoAlone(requireNonNull(result.selection()));
    }

    @Test
    void whatWasMeasuredIsNotMeasuredAgain() throws IOException {
        models.opensBeforeItBreaks = 2;
        assertThatThrownBy(() -> run(GRID, false)).hasMessage("interrupted");
        models.opensBeforeItBreaks = Integer.MAX_VALUE;
        SweepResult first = run(GRID, true);
        int opened = models.opened.size();
        SweepResult again = run(GRID, true);
        assertThat(models.opened).as("nothing is opened again").hasSize(opened);
        assertThat(again.rows().get(2).cost()).isEqualTo(first.rows().get(2).cost());
    }

    @Test
    void noSettingIsBegunAfterTheTime() throws IOException {
        SweepFile file = SweepFile.read(Files.writeString(folder.resolve("sweep.yaml"), GRID));
        try (Journal journal = Journal.open(folder.resolve("journal"), false);
                SweepBench bench = new SweepBench(subject, models, journal, "machine", FakeModels::time)) {
            SweepResult result = new Sweep(subject, file, bench, UNHEARD).run(Duration.ZERO);
            assertThat(result.unmeasured()).isEqualTo(5);
            assertThat(result.rows().get(1).remark()).contains("not measured");
            assertThat(result.selection()).isNull();
        }
    }

    private static void assertChosenByWhatOperatorsDoAlone(Selection selection) {
        assertThat(selection.effects())
                .extracting(OperatorEffect::operators)
                .containsExactlyInAnyOrder("MatMul", "Attention", "Gather");
        for (OperatorEffect effect : selection.effects()) {
            switch (effect.operators()) {
                case "MatMul" ->
                    assertThat(effect.isWorthIt()).as(effect.reason()).isTrue();
                case "Gather" -> assertThat(effect.reason()).contains("slower");
                default -> assertThat(effect.reason()).contains("loses", "leaves 0 out");
            }
        }
        assertThat(selection.chosen()).isEqualTo("MatMul");
    }
}
