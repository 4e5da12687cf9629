package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.ScratchFolder;
import dev.hone.evaluate.data.Columns;
import dev.hone.evaluate.data.DataFile;
import dev.hone.evaluate.data.DataSets;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Rows;
import dev.hone.evaluate.data.Sampling;
import dev.hone.measure.Json;
import dev.hone.measure.Progress;
import dev.hone.optimize.Journal;
import dev.hone.optimize.ReportFile;
import dev.hone.sweep.Selection;
import dev.hone.sweep.Setting;
import dev.hone.sweep.SettingFiles;
import dev.hone.sweep.Sweep;
import dev.hone.sweep.SweepFile;
import dev.hone.sweep.SweepResult;
import dev.hone.sweep.SweepRow;
import dev.hone.sweep.SweepSubject;
import dev.hone.task.TaskConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A grid of settings of the optimiser and the quantiser of ONNX files, each measured beside the original. */
@Command(
        name = "sweep",
        description = "Measures a grid of settings of hone onnx-optimize and hone quantize on labelled data, each by"
                + " turns with the original, and says which operator types are worth quantising.",
        footer = {
            "",
            "A file:",
            "  model: DIR                      # or a file, or OWNER/NAME on the hub; default: the bundled model",
            "  task: sst2",
            "  data: {path: DIR, samples: 200, seed: 1}",
            "  repeats: 3",
            "  engine: [onnxruntime, hone]     # hone with precision: [f32, int8]",
            "  optimize:",
            "    level: [0, O2]                # and the switches, such as disable_gelu: [false, true]",
            "  quantize:",
            "    mode: [none, dynamic, static] # and the options of hone quantize by their names",
            "    operators: [default, MatMul, [MatMul, Gather]]",
            "",
            "Each item of a list is a value; a list in it is one value of several names.",
            "",
            "Examples:",
            "  hone sweep sweep.yaml --dry-run",
            "  hone sweep sweep.yaml --sort accuracy:desc",
            "  hone sweep sweep.yaml --resume --format csv      goes on with what was measured"
        })
final class SweepCommand implements Callable<Integer> {
    /** Rows beside the evaluated ones that ranges are measured on. */
    private static final int CALIBRATION_ROWS = 200;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE.yaml", description = "What is varied, see below.")
    private Path file = Path.of("");

    @Option(names = "--dry-run", description = "List the settings, measure nothing.")
    private boolean dry;

    @Option(names = "--resume", description = "Go on with what an earlier sweep at the same place has measured.")
    private boolean resume;

    @Option(
            names = "--sort",
            paramLabel = "C[:desc]",
            description = "Column that rows are sorted by: ${DEFAULT-VALUE}.")
    private String sort = "setting";

    @Option(names = "--format", paramLabel = "F", description = "table, json, csv or markdown: ${DEFAULT-VALUE}.")
    private SweepTable.Format format = SweepTable.Format.TABLE;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the journal, sweep.csv, sweep.json and sweep.md: ${DEFAULT-VALUE}.")
    private Path out = Path.of("hone-sweep");

    @Option(
            names = "--limit-minutes",
            paramLabel = "N",
            description = "Begin no setting after that; default: no limit.")
    private double limitMinutes = Duration.ofDays(365).toMinutes();

    @Override
    public Integer call() throws IOException {
        SweepFile wanted = SweepFile.read(file);
        Duration limit = limit();
        SweepOrder wish = SweepOrder.parse(sort);
        PrintWriter err = spec.commandLine().getErr();
        if (dry) {
            SweepLines.plan(wanted).forEach(err::println);
            list(wanted.grid().settings());
            return 0;
        }
        DataFile data = DataArgument.find(Path.of(wanted.data().path()), wanted.task(), err);
        SweepSubject subject = subject(wanted, data, err);
        List<SweepColumn> columns = SweepColumn.of(wanted.grid().settings(), subject);
        Comparator<SweepRow> order = wish.of(columns);
        prepare();
        SweepLines.plan(wanted).forEach(err::println);
        err.println(SweepLines.rows(data, subject));
        SweepResult result = measure(wanted, subject, limit, err);
        save(SweepTable.of(result.rows(), columns, SweepOrder.BY_SETTING.of(columns)), result);
        SweepTable table = SweepTable.of(result.rows(), columns, order);
        print(
                table,
                table.notes(wanted.grid().settings()),
                result,
                subject.metric().name());
        return 0;
    }

    private SweepResult measure(SweepFile wanted, SweepSubject subject, Duration limit, PrintWriter err) {
        Progress progress = TerminalProgress.onStandardError();
        try (SettingFiles models = new SettingFiles(subject, ScratchFolder.open());
                Journal journal = Journal.open(out.resolve("journal.jsonl"), resume);
                Interruption _ = Interruption.watch(journal, models::close, err);
                Sweep sweep = new Sweep(subject, wanted, models, journal, new SweepLines(err, progress))) {
            SweepResult result = sweep.run(limit);
            progress.begin("", 0);
            return result;
        }
    }

    private void list(List<Setting> settings) {
        PrintWriter writer = spec.commandLine().getOut();
        for (int index = 0; index < settings.size(); index++) {
            writer.println(index + 1 + "  " + settings.get(index));
        }
    }

    private Duration limit() {
        if (!(limitMinutes > 0)) {
            throw new HoneException(Category.USAGE, "--limit-minutes " + limitMinutes + ": give more than 0");
        }
        return Duration.ofMillis((long) (limitMinutes * Duration.ofMinutes(1).toMillis()));
    }

    private void prepare() {
        try {
            Files.createDirectories(out);
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT,
                    out + ": cannot be made (" + failure.getMessage() + "); choose another place with --out",
                    failure);
        }
    }

    private SweepSubject subject(SweepFile wanted, DataFile data, PrintWriter err) throws IOException {
        Path named = ModelArgument.ofModel(wanted.model() == null ? List.of() : List.of(wanted.model()), err);
        // Whoever lists a folder must not be given a link to it.
        Path model = Files.isDirectory(named) ? named.toRealPath() : named;
        TaskConfiguration read = TaskConfiguration.read(model);
        TaskConfiguration configuration = wanted.labels().isEmpty() ? read : read.withLabels(wanted.labels());
        int samples = wanted.data().samples();
        List<Example> drawn;
        try (Rows rows =
                DataSets.open(data, wanted.task(), Columns.parse(wanted.data().columns()))) {
            drawn = Sampling.draw(
                    rows, samples + CALIBRATION_ROWS, wanted.data().seed());
        }
        if (drawn.isEmpty()) {
            throw new HoneException(Category.INPUT, data.path() + ": there is no row in it; give another file");
        }
        List<Example> rows = drawn.subList(0, Math.min(samples, drawn.size()));
        List<Example> others = drawn.subList(rows.size(), drawn.size());
        return new SweepSubject(model, configuration, wanted.task(), rows, others, common.threads(), wanted.batch());
    }

    private void save(SweepTable table, SweepResult result) {
        save("sweep.csv", String.join("\n", table.lines(SweepTable.Format.CSV)) + "\n");
        save("sweep.md", String.join("\n", table.lines(SweepTable.Format.MARKDOWN)) + "\n");
        save("sweep.json", Json.document(result));
    }

    private void print(SweepTable table, List<String> notes, SweepResult result, String metric) {
        PrintWriter writer = spec.commandLine().getOut();
        Selection selection = result.selection();
        table.lines(format).forEach(writer::println);
        if (format == SweepTable.Format.JSON) {
            if (selection != null) {
                writer.println(Json.line(Map.of("selection", selection)));
            }
        } else if (format != SweepTable.Format.CSV) {
            notes.forEach(writer::println);
            result.quickest()
                    .ifPresent(row -> writer.println("quickest of those that are not shown to lose: setting "
                            + row.number() + ", " + row.setting()));
            if (selection != null) {
                writer.println();
                SelectionLines.of(selection, metric).forEach(writer::println);
            }
        }
        if (result.unmeasured() > 0) {
            spec.commandLine()
                    .getErr()
                    .println(result.unmeasured() + " settings were not measured in time; --resume goes on with them");
        }
        writer.flush();
    }

    private void save(String name, String text) {
        try (ReportFile target = ReportFile.at(out.resolve(name))) {
            target.write(text);
        }
    }
}
