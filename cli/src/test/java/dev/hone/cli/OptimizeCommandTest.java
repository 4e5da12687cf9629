package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.measure.Interval;
import dev.hone.measure.Latency;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.ThroughputBenchmark.Throughput;
import dev.hone.optimize.Candidate;
import dev.hone.optimize.Fidelity;
import dev.hone.optimize.OptimizeReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OptimizeCommandTest {
    private static final Fidelity SAME = new Fidelity(400, 0.9999999, 1, 2e-7, 1e-6, 0.88, 0.88);
    private static final Fidelity TURNED = new Fidelity(400, 0.98, 0.99, 0.1, 0.2, 0.88, 0.81);

    @TempDir
    private Path folder;

    @Test
    void slowerResultsAreCalledSlower() {
        List<String> lines = OptimizeTable.lines(report(candidate("onnxruntime", 2, SAME), candidate("hone", 4, SAME)));
        assertThat(lines).anyMatch(line -> line.contains("8 tokens") && line.contains("0.50x SLOWER"));
        assertThat(lines).anyMatch(line -> line.contains("given") && line.contains("0.50x SLOWER"));
        assertThat(lines.getLast()).contains("onnxruntime f32", "nothing measured here was quicker");
    }

    @Test
    void quickerResultsAreCalledSoWithoutMore() {
        List<String> lines = OptimizeTable.lines(report(candidate("onnxruntime", 4, SAME), candidate("hone", 2, SAME)));
        assertThat(lines).anyMatch(line -> line.contains("8 tokens") && line.contains("2.00x"));
        assertThat(lines).noneMatch(line -> line.contains("SLOWER"));
        assertThat(lines).anyMatch(line -> line.contains("chosen    hone f32"));
    }

    @Test
    void unfaithfulCandidatesAreNeverChosen() {
        List<String> lines =
                OptimizeTable.lines(report(candidate("onnxruntime", 4, SAME), candidate("hone", 1, TURNED)));
        assertThat(lines.getLast()).contains("chosen    onnxruntime f32", "hone f32 is not faithful enough");
    }

    @Test
    void lowerPrecisionsAreChosenOnlyWhenTheirLossIsAllowed() {
        Fidelity rounded = new Fidelity(400, 0.995, 0.998, 0.01, 0.02, 0.88, 0.8756);
        Candidate original = candidate("onnxruntime", 4, SAME);
        Candidate bytes = candidate("hone", "int8", 1, rounded);
        List<Candidate> all = List.of(original, candidate("hone", 2, SAME), bytes);
        assertThat(OptimizeReport.choose(all, 0)).isEqualTo("hone f32");
        assertThat(OptimizeReport.choose(all, 0.004)).isEqualTo("hone f32");
        assertThat(OptimizeReport.choose(all, 0.006)).isEqualTo("hone int8");
        List<String> lines = OptimizeTable.lines(report(all.toArray(Candidate[]::new)));
        assertThat(lines).anyMatch(line -> line.contains("of that lost") && line.contains("0.500 %"));
        assertThat(lines.getLast()).contains("hone int8 is 2.0 times as quick", "would be allowed by --max-loss 0.5%");
    }

    @Test
    void partsOfTheWholeAreReadAsPeopleWriteThem() {
        assertThat(Percentage.parse("--max-loss", "1%")).isEqualTo(0.01);
        assertThat(Percentage.parse("--max-loss", " 0.5 %")).isEqualTo(0.005);
        assertThat(Percentage.parse("--max-loss", "0.02")).isEqualTo(0.02);
        for (String wrong : List.of("", "%", "a lot", "-1%", "101%", "NaN", "2")) {
            assertThatThrownBy(() -> Percentage.parse("--max-loss", wrong))
                    .hasMessageContaining("--max-loss")
                    .hasMessageContaining("such as 1%");
        }
    }

    @Test
    void placesThatCannotBeWrittenAreSaidBeforeTheWork() {
        CommandLineRun run = CommandLineRun.of(
                "optimize", "--out", folder.resolve("no/such/report.json").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("hone: ")
                .contains("report.json", "--out")
                .hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void missingModelsLeaveNothingBehind() {
        Path report = folder.resolve("report.json");
        CommandLineRun run =
                CommandLineRun.of("optimize", folder.resolve("none").toString(), "--out", report.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("none").hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    private static OptimizeReport report(Candidate... candidates) {
        OptimizeReport.Sample sample = new OptimizeReport.Sample(210, 400, 9000, 14, 140);
        MachineRecord machine = MachineRecord.here(Map.of());
        return new OptimizeReport(
                "tiny", machine, 2, sample, List.of(candidates), OptimizeReport.choose(List.of(candidates), 0));
    }

    private static Candidate candidate(String engine, double millis, Fidelity fidelity) {
        return candidate(engine, "f32", millis, fidelity);
    }

    private static Candidate candidate(String engine, String precision, double millis, Fidelity fidelity) {
        Interval interval = new Interval(millis * 0.9, millis * 1.1);
        Latency latency = new Latency(
                engine,
                precision,
                1,
                8,
                2,
                100,
                millis,
                interval.low(),
                interval.high(),
                millis,
                millis,
                1e3 / millis,
                null,
                null);
        double rate = 1000 / millis;
        Throughput throughput = new Throughput(engine, precision, "given", 32, 3, rate, rate * 0.9, rate * 1.1);
        return new Candidate(
                engine + " " + precision,
                engine,
                "1",
                precision,
                200,
                5,
                fidelity,
                List.of(latency),
                List.of(throughput));
    }
}
