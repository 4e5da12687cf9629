package dev.hone.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.Engine;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.EngineSession;
import dev.hone.engines.OnnxRuntimeEngine;
import dev.hone.engines.TinyOnnx;
import dev.hone.graph.Op.Pooling;
import dev.hone.measure.Json;
import dev.hone.measure.Progress;
import dev.hone.optimize.Optimizer.Choice;
import dev.hone.optimize.Optimizer.Settings;
import dev.hone.quantize.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OptimizerTest {
    private static final Engine ORIGINAL = new OnnxRuntimeEngine();

    @TempDir
    private Path folder;

    /** Another name for the same answers, or for another model's. */
    private record Renamed(String name, Path other) implements Engine {
        @Override
        public String version() {
            return "7";
        }

        @Override
        public EngineSession open(Path model, EngineOptions options) {
            return ORIGINAL.open(other, options);
        }
    }

    @Test
    void everyCandidateIsComparedAndMeasured() throws IOException {
        Path model = TinyOnnx.write(folder.resolve("model.onnx"), false);
        Counting progress = new Counting();
        Optimizer optimizer = new Optimizer(subject(model), settings(), progress);
        OptimizeReport report = optimizer.compare(beside(new Renamed("copy", model)), 0);
        assertThat(report.candidates()).extracting(Candidate::name).containsExactly("onnxruntime f32", "copy f32");
        assertThat(report.candidates()).allSatisfy(candidate -> {
            assertThat(candidate.fidelity().worstCosine()).isEqualTo(1);
            assertThat(candidate.fidelity().texts()).isEqualTo(report.sample().texts());
            assertThat(candidate.latency()).hasSize(2);
            assertThat(candidate.throughput()).hasSize(2);
            assertThat(candidate.openMillis()).isPositive();
        });
        assertThat(report.candidates()).extracting(Candidate::name).contains(report.chosen());
        assertThat(progress.done).isEqualTo(progress.promised);
        assertThat(Json.line(report))
                .contains("\"candidate\":\"copy f32\"", "\"worst_cosine\":1.0", "\"median_ms\":", "\"processor\":");
    }

    @Test
    void aCandidateWithOtherAnswersIsNotMeasured() throws IOException {
        Path model = TinyOnnx.write(folder.resolve("model.onnx"), false);
        Path other = TinyOnnx.writeWithTable(folder.resolve("other.onnx"), 0.01f);
        Optimizer optimizer = new Optimizer(subject(model), settings(), Progress.SILENT);
        assertThatThrownBy(() -> optimizer.compare(beside(new Renamed("wrong", other)), 0))
                .isInstanceOf(HoneException.class)
                .hasMessageContaining("wrong f32")
                .hasMessageContaining("answers differ");
    }

    @Test
    void reportsAppearWholeOrNotAtAll() throws IOException {
        Path target = folder.resolve("report.json");
        try (ReportFile file = ReportFile.at(target)) {
            assertThat(target).doesNotExist();
            file.write("{}\n");
        }
        assertThat(target).hasContent("{}");
        assertThat(filesIn(folder)).isEqualTo(1);
        try (ReportFile abandoned = ReportFile.at(target)) {
            assertThat(abandoned.target()).isEqualTo(target.toAbsolutePath());
        }
        assertThat(target).hasContent("{}");
        assertThat(filesIn(folder)).isEqualTo(1);
    }

    @Test
    void placesThatCannotBeWrittenAreKnownAtOnce() {
        for (Path wrong : List.of(folder, folder.resolve("missing/report.json"))) {
            assertThatThrownBy(() -> ReportFile.at(wrong).close())
                    .isInstanceOf(HoneException.class)
                    .hasMessageContaining(wrong.toString())
                    .extracting(thrown -> ((HoneException) thrown).category())
                    .isEqualTo(Category.OUTPUT);
        }
    }

    private static long filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }

    private static List<Choice> beside(Engine other) {
        return List.of(new Choice(ORIGINAL, Precision.F32), new Choice(other, Precision.F32));
    }

    private static Settings settings() {
        return new Settings(1, 0.02, List.of(2, 5), 2, shape -> 1, OptionalDouble.empty());
    }

    private static Subject subject(Path model) {
        return new Subject("tiny", model, OptimizerTest::tokens, Pooling.MEAN, TinyOnnx.VOCABULARY);
    }

    private static int[] tokens(String text) {
        return text.chars()
                .map(letter -> letter % TinyOnnx.VOCABULARY)
                .limit(60)
                .toArray();
    }

    private static final class Counting implements Progress {
        private int promised;
        private int done;

        @Override
        public void begin(String phase, int steps) {
            promised += steps;
        }

        @Override
        public void step() {
            done++;
        }
    }
}
