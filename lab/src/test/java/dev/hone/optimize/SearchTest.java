package dev.hone.optimize;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.Judge;
import dev.hone.evaluate.LabelMap;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Example.Labelled;
import dev.hone.measure.Json;
import dev.hone.measure.Progress;
import dev.hone.optimize.HeldOutCheck.Outcome;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import dev.hone.task.TextInput;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of the search and what it makes of measurements, on models whose answers and times are made up. */
final class SearchTest {
    private static final int ROWS = 1000;
    private static final Scheme BYTES = Scheme.of(Precision.INT8);
    private static final Scheme SINGLE = Scheme.of(Precision.F32);

    @TempDir
    private Path folder;

    @Test
    void theQuickestThatKeepsThePromiseIsChosenAndChecked() {
        FakeModel model = new FakeModel((way, text) -> hash(text) % 10 != 0, SearchTest::nanos);
        SearchReport report = search(model, settings("1%", "5m"), false);
        assertThat(report.chosen()).isEqualTo("hone int8");
        assertThat(requireNonNull(report.check()).outcome()).isNotEqualTo(Outcome.BROKEN);
        assertThat(report.original().name()).isEqualTo("onnxruntime f32");
        assertThat(report.candidates()).allSatisfy(trial -> {
            assertThat(trial.rows()).isEqualTo(report.data().searchRows());
            assertThat(trial.verdict().reasons()).isNotEmpty();
        });
        assertThat(report.chosenTrial().gain()).isGreaterThan(1);
        assertThat(report.layers()).hasSize(4).allSatisfy(layer -> {
            assertThat(layer.precision()).isEqualTo("int8");
            assertThat(layer.difference().difference()).isZero();
        });
        assertThat(report.original().times().textByText().speed()).isEqualTo(1);
        assertThat(Json.line(report.chosenTrial()))
                .contains("\"candidate\":\"hone int8\"", "\"text_by_text\":", "\"open_ms\":", "\"score_interval\":");
    }

    @Test
    void whatLosesTooMuchIsDroppedOnASampleAndItsWorstLayersAreKept() {
        // In bytes, layer 2 alone spoils every third text; with it kept, nothing is lost.
        FakeModel model = new FakeModel((way, text) -> !spoils(way) || hash(text) % 3 != 0, SearchTest::nanos);
        model.outputOffset = way -> spoils(way) ? 0.5 : 0;
        SearchReport report = search(model, settings("1%", "5m"), false);
        Trial bytes = trial(report, "hone int8");
        assertThat(bytes.rows()).isEqualTo(Field.SAMPLE);
        assertThat(bytes.verdict().allowed()).isFalse();
        assertThat(bytes.verdict().reasons()).anyMatch(reason -> reason.contains("sample"));
        assertThat(requireNonNull(bytes.difference()).interval().high()).isLessThan(-1);
        assertThat(report.layers()).hasSize(4);
        assertThat(report.chosen()).contains("f32:layer.2.output");
        assertThat(report.chosenTrial().verdict().reasons())
                .anyMatch(reason -> reason.contains("layer.2.output") && reason.contains("f32: -"));
    }

    /** Layers that do not stand bf16 have nothing to be kept in but f32, whatever layers of bytes are kept in. */
    @Test
    void layersAreKeptAboveThePrecisionThatTheyDoNotStand() {
        Precision narrow = Precision.BF16;
        FakeModel model = new FakeModel(
                (way, text) ->
                        way.isOriginal() || way.scheme().precisionOf("layer.2.output") != narrow || hash(text) % 3 != 0,
                way -> way.scheme().base() == narrow && !way.isOriginal() ? 10_000 : 100_000);
        model.outputOffset = way -> way.scheme().precisionOf("layer.2.output") == narrow ? 0.5 : 0;
        SearchSettings settings = settings(Objective.LATENCY, List.of(), List.of(Scheme.of(narrow), SINGLE), List.of());
        assertThat(search(model, settings, false).chosen()).isEqualTo("hone bf16,f32:layer.2.output");
    }

    @Test
    void aChoiceThatFailsOnOtherRowsIsWithdrawn() {
        SearchRows rows = rows();
        Set<String> heldOut = rows.heldOut().stream()
                .map(row -> ((Labelled) row).input().text())
                .collect(Collectors.toSet());
        FakeModel model = new FakeModel(
                (way, text) -> !way.scheme().equals(BYTES) || !heldOut.contains(text) || hash(text) % 3 != 0,
                SearchTest::nanos);
        SearchReport report = search(model, settings("1%", "5m"), false);
        assertThat(report.checks().getFirst().candidate()).isEqualTo("hone int8");
        assertThat(report.checks().getFirst().outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(report.chosen()).isEqualTo("hone f32");
        assertThat(requireNonNull(report.check()).outcome()).isEqualTo(Outcome.SAME);
        assertThat(trial(report, "hone int8").verdict().reasons())
                .singleElement()
                .asString()
                .contains("withdrawn");
    }

    @Test
    void anInterruptedSearchGoesOnWhereItWas() {
        FakeModel model = new FakeModel((way, text) -> true, SearchTest::nanos);
        model.opensBeforeItBreaks = 2;
        SearchSettings settings = settings("1%", "5m");
        assertThatThrownBy(() -> search(model, settings, false)).hasMessage("interrupted");
        FakeModel again = new FakeModel((way, text) -> true, SearchTest::nanos);
        SearchReport report = search(again, settings, true);
        assertThat(report.spent().known()).isGreaterThan(3);
        FakeModel untouched = new FakeModel((way, text) -> true, SearchTest::nanos);
        SearchReport repeated = search(untouched, settings, true);
        assertThat(untouched.opened).isEmpty();
        assertThat(repeated.spent().measured()).isZero();
        assertThat(repeated.chosen()).isEqualTo(report.chosen());
        assertThat(repeated.candidates()).isEqualTo(report.candidates());
    }

    @Test
    void aBudgetTooSmallForOneCandidateIsRefusedWithWhatItNeeds() {
        FakeModel model = new FakeModel((way, text) -> true, SearchTest::nanos);
        assertThatThrownBy(() -> search(model, settings("1%", "1s"), false))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("--budget 1s is too small")
                .hasMessageContaining("give --budget")
                .hasMessageContaining("--samples")
                .extracting(thrown -> ((HoneException) thrown).category())
                .isEqualTo(Category.USAGE);
        assertThat(model.opened).containsExactly(Way.ORIGINAL);
    }

    @Test
    void singlePrecisionWithOtherAnswersIsAFault() {
        FakeModel model = new FakeModel((way, text) -> true, SearchTest::nanos);
        model.outputOffset = way -> way.isOriginal() ? 0 : 0.01;
        assertThatThrownBy(() -> search(model, settings("1%", "5m"), false))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("answers differ: hone f32");
    }

    @Test
    void bytesOnDiskAndInMemoryCanBecomeFewer() {
        FakeModel model = new FakeModel((way, text) -> true, SearchTest::nanos);
        for (Objective objective : List.of(Objective.SIZE, Objective.MEMORY)) {
            SearchSettings settings = settings(objective, List.of(), List.of(BYTES), List.of());
            Trial chosen = search(model, settings, false).chosenTrial();
            boolean size = objective == Objective.SIZE;
            assertThat(chosen.gain()).isEqualTo(size ? 4 : 3);
            assertThat(chosen.footing().sizeBytes()).isEqualTo(size ? 1000L : null);
            assertThat(chosen.footing().opening().memoryBytes()).isEqualTo(size ? 1000L : 3000L);
        }
    }

    @Test
    void onlyWhatAnswersLessLikeTheOriginalIsSaidTo() {
        for (double offset : List.of(0.0, 0.001)) {
            FakeModel model = new FakeModel((way, text) -> true, SearchTest::nanos);
            model.outputOffset = way -> way.scheme().equals(BYTES) ? offset : 0;
            SearchSettings settings = settings(Objective.MEMORY, List.of(), List.of(SINGLE, BYTES), List.of());
            SearchReport report = search(model, settings, false);
            assertThat(report.chosen()).isEqualTo("hone f32");
            assertThat(trial(report, "hone int8").verdict().reasons())
                    .containsExactly("keeps the promise, and gains as much as hone f32 as far as could be told");
            assertThat(report.chosenTrial().verdict().reasons())
                    .containsExactly("the best of those that keep the promise"
                            + (offset > 0
                                    ? "; hone int8 gains as much as far as could be told, and answers less like the"
                                            + " original"
                                    : ""));
        }
    }

    @Test
    void whatIsOnlyShownIsNotChosen() {
        FakeModel model = new FakeModel((way, text) -> true, SearchTest::nanos);
        Scheme coarse = Scheme.parse("int8,weights:per-tensor");
        SearchSettings settings = settings(Objective.SIZE, List.of(), List.of(coarse, SINGLE), List.of(coarse));
        SearchReport report = search(model, settings, false);
        assertThat(report.chosen()).isEqualTo("hone f32");
        Trial shown = trial(report, "hone " + coarse);
        assertThat(shown.rows()).isEqualTo(report.data().searchRows());
        assertThat(shown.verdict().allowed()).isFalse();
        assertThat(shown.verdict().reasons()).singleElement().asString().contains("comparison", "may lose");
    }

    @Test
    void latencyCanBeThatOfGivenLengths() {
        FakeModel model = new FakeModel((way, text) -> true, SearchTest::nanos);
        SearchSettings settings =
                settings(Objective.LATENCY, List.of(8, 32), settings("1%", "5m").schemes(), List.of());
        SearchReport report = search(model, settings, false);
        Times times = report.candidates().getLast().times();
        assertThat(times.lengths()).containsOnlyKeys(8, 32);
        assertThat(report.candidates().getLast().gain()).isEqualTo(times.latencySpeed());
    }

    @Test
    void whereNothingIsQuickerTheOriginalStays() {
        FakeModel model = new FakeModel((way, text) -> true, way -> way.isOriginal() ? 5_000 : 100_000);
        SearchReport report = search(model, settings("1%", "5m"), false);
        assertThat(report.chosen()).isEqualTo("onnxruntime f32");
        assertThat(report.check()).isNull();
    }

    /** As {@link #settings(String, String)}, with bf16 for layers that do not stand bytes. */
    private static SearchSettings settings(
            Objective objective, List<Integer> lengths, List<Scheme> schemes, List<Scheme> comparisons) {
        SearchSettings usual = settings("1%", "5m");
        return new SearchSettings(
                1, usual.budget(), objective, lengths, usual.mostLoss(), 0.01, schemes, comparisons, Precision.BF16);
    }

    private static boolean spoils(Way way) {
        return !way.isOriginal() && way.scheme().precisionOf("layer.2.output") == Precision.INT8;
    }

    private static long nanos(Way way) {
        if (way.isOriginal()) {
            return 200_000;
        }
        return way.scheme().base() == Precision.INT8 ? 10_000 : 50_000;
    }

    private static int hash(String text) {
        return Integer.parseInt(text.substring("text ".length()));
    }

    private static Trial trial(SearchReport report, String name) {
        return report.candidates().stream()
                .filter(trial -> trial.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private SearchReport search(FakeModel model, SearchSettings settings, boolean resume) {
        Judge judge = new Judge.Labels(LabelMap.of(DataTask.SST2, List.of("NEGATIVE", "POSITIVE")));
        Subject subject = new Subject("fake", "f00d", 1000, judge, Metric.of(DataTask.SST2, judge), rows());
        try (Journal journal = Journal.open(folder.resolve("journal.jsonl"), resume);
                Search search = new Search(subject, settings, model, journal, Progress.SILENT)) {
            return search.run();
        }
    }

    private static SearchRows rows() {
        List<Example> rows = IntStream.range(0, ROWS)
                .mapToObj(index -> (Example) new Labelled(
                        "r" + index, TextInput.of("text " + index), index % 2 == 0 ? "1" : "0", "here:" + index))
                .toList();
        return SearchRows.split("made up", rows, ROWS, 1);
    }

    private static SearchSettings settings(String mostLoss, String budget) {
        Duration time = budget.endsWith("s") ? Duration.ofSeconds(1) : Duration.ofMinutes(5);
        return new SearchSettings(
                1,
                time,
                Objective.LATENCY,
                List.of(),
                MostLoss.parse(mostLoss),
                0.01,
                List.of(BYTES, SINGLE),
                List.of(),
                Precision.F32);
    }
}
