package dev.hone.cli;

import dev.hone.cli.BenchmarkCommand.Format;
import dev.hone.measure.Json;
import dev.hone.measure.Latency;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.Repeats;
import dev.hone.optimize.ReportFile;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints measured latencies in a format, and keeps them for a file. */
final class BenchmarkOutput implements AutoCloseable {
    private final PrintWriter out;
    private final Format format;
    private final boolean described;
    private final @Nullable ReportFile file;
    private final StringBuilder records = new StringBuilder();
    private boolean begun;

    /** @param described whether each turn is told of, too */
    BenchmarkOutput(PrintWriter out, Format format, boolean described, @Nullable ReportFile file) {
        this.out = out;
        this.format = format;
        this.described = described;
        this.file = file;
    }

    /** Prints what stands above the results, once. */
    void begin(MachineRecord machine) {
        if (begun) {
            return;
        }
        begun = true;
        records.append(Json.line(Map.of("machine", machine))).append('\n');
        switch (format) {
            case TABLE -> out.println(described ? RepeatsTable.HEADER : LatencyTable.HEADER);
            case CSV -> out.println(String.join(",", RepeatsTable.NAMES));
            case MARKDOWN -> RepeatsTable.markdownHeader().forEach(out::println);
            case JSON, MEDIAN -> {}
        }
    }

    void add(Repeats repeats) {
        records.append(Json.line(repeats)).append('\n');
        Latency latency = repeats.latency();
        out.println(
                switch (format) {
                    case TABLE -> described ? RepeatsTable.row(repeats) : LatencyTable.row(latency);
                    case JSON -> Json.line(described ? repeats : latency);
                    case CSV -> String.join(",", RepeatsTable.cells(repeats));
                    case MARKDOWN -> "| " + String.join(" | ", RepeatsTable.cells(repeats)) + " |";
                    case MEDIAN ->
                        String.format(
                                Locale.ROOT,
                                "%s %s %dx%d %.4f",
                                latency.engine(),
                                latency.precision(),
                                latency.batch(),
                                latency.sequence(),
                                latency.medianMillis());
                });
    }

    void flush() {
        out.flush();
    }

    /** Puts the file in its place: all results are there. */
    void complete() {
        if (file != null) {
            file.write(records.toString());
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
