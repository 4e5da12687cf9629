package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(lines.getLast()).contains("chosen    hone f32");
    }

    @Test
    void unfaithfulCandidatesAreNeverChosen() {
        List<String> lines =
                OptimizeTable.lines(report(candidate("onnxruntime", 4, SAME), candidate("hone", 1, TURNED)));
        assertThat(lines.getLast()).contains("chosen    onnxruntime f32", "hone f32 is not faithful enough");
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
                "tiny", machine, 2, sample, List.of(candidates), OptimizeReport.choose(List.of(candidates)));
    }

    private static Candidate candidate(String engine, double millis, Fidelity fidelity) {
        Interval interval = new Interval(millis * 0.9, millis * 1.1);
        Latency latency = new Latency(
                engine,
                "f32",
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
        Throughput throughput = new Throughput(engine, "f32", "given", 32, 3, rate, rate * 0.9, rate * 1.1);
        return new Candidate(
                engine + " f32", engine, "1", "f32", 200, 5, fidelity, List.of(latency), List.of(throughput));
    }
}
