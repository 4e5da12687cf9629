package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.measure.InputShape;
import dev.hone.measure.Schedule;
import dev.hone.optimize.ReportFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which shapes are measured, how often, and where the records go. */
final class GridOptions {
    private static final List<Integer> USUAL_BATCHES = List.of(1);
    private static final List<Integer> USUAL_LENGTHS = List.of(8, 32, 128, 512);

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            description = "Sequences of a call, one or more, with every --length; in place of --shape.")
    private List<Integer> batches = List.of();

    @Option(
            names = "--length",
            paramLabel = "N",
            split = ",",
            description = "Tokens of a sequence, one or more, with every --batch; in place of --shape.")
    private List<Integer> lengths = List.of();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Turns that share the seconds; the table then has count, mean, std, min, quartiles and max"
                    + " of their medians.")
    private @Nullable Integer repeats;

    @Option(
            names = "--out",
            paramLabel = "F",
            description = "The machine and each record with its turns, a JSON object a line, for hone compare.")
    private @Nullable Path out;

    List<InputShape> shapes(String named, boolean given) {
        if (batches.isEmpty() && lengths.isEmpty()) {
            return InputShape.parseAll(named);
        }
        if (given) {
            throw new HoneException(
                    Category.USAGE, "--shape and --batch or --length exclude each other: leave one of them away");
        }
        return InputShape.grid(
                batches.isEmpty() ? USUAL_BATCHES : batches, lengths.isEmpty() ? USUAL_LENGTHS : lengths);
    }

    Schedule schedule(double seconds) {
        return repeats == null ? Schedule.ofSeconds(seconds) : Schedule.ofRepeats(repeats, seconds);
    }

    /** Where results go; the file's place is tried at once. */
    BenchmarkOutput output(Path model, PrintWriter writer, BenchmarkCommand.Format format) {
        if (out != null) {
            OutputPlace.check(model, out);
        }
        return new BenchmarkOutput(writer, format, repeats != null, out == null ? null : ReportFile.at(out));
    }
}
