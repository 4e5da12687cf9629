package dev.hone.cli;

import dev.hone.measure.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which differences between two measurements are real. */
@Command(
        name = "compare",
        description =
                "Says which differences between two files of records are real: those of hone benchmark --repeats N"
                        + " --out F, or of hone evaluate --format json.",
        footer = {
            "",
            "Of latencies the ratio of the medians is given with its 95 %% interval (bootstrap over turns); it is real",
            "when the interval leaves out 1 and ranks differ at 5 %% (Mann-Whitney). Of figures of an evaluation the",
            "difference is given; it is real when its interval leaves out 0. Many comparisons together call about one",
            "in twenty real that is not. Records of different machines are refused.",
            "",
            "Examples:",
            "  hone benchmark MODEL --shape 1x128 --repeats 20 --out before.json",
            "  hone benchmark OTHER --shape 1x128 --repeats 20 --out after.json",
            "  hone compare before.json after.json",
            "  hone compare before.json after.json --format json"
        })
final class CompareCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "A", description = "Records of before.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "Records of after.")
    private Path second = Path.of("");

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        RecordFile before = RecordFile.read(first);
        RecordFile after = RecordFile.read(second);
        RecordComparison comparison = RecordComparison.of(before, after);
        PrintWriter out = spec.commandLine().getOut();
        for (RecordComparison.Line line : comparison.lines()) {
            out.println(
                    switch (format) {
                        case JSON -> Json.line(line);
                        case TABLE -> text(line);
                    });
        }
        comparison.notes().forEach(spec.commandLine().getErr()::println);
        if (common.verbose()) {
            spec.commandLine().getErr().println("compared " + first + " with " + second);
        }
        return 0;
    }

    private static String text(RecordComparison.Line line) {
        Double probability = line.probability();
        String names = line.firstName().equals(line.secondName())
                ? line.firstName()
                : line.firstName() + " -> " + line.secondName();
        return String.format(
                Locale.ROOT,
                "%-26s %-28s %10.4f %10.4f  %s %.4f [%.4f - %.4f]%s  %s",
                line.what(),
                names,
                line.first(),
                line.second(),
                probability == null ? "difference" : "ratio",
                line.change(),
                line.interval().low(),
                line.interval().high(),
                probability == null ? "" : String.format(Locale.ROOT, " p %.4f", probability),
                line.real() ? "real" : "no real difference");
    }
}
