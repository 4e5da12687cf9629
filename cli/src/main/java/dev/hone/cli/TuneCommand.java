package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.kernel.LinearSchedules;
import dev.hone.machine.Machine;
import dev.hone.measure.InputShape;
import dev.hone.measure.Json;
import dev.hone.quantize.Precision;
import dev.hone.session.Session;
import dev.hone.session.SessionOptions;
import dev.hone.task.EmbeddedModel;
import dev.hone.tune.Gain;
import dev.hone.tune.RecordFile;
import dev.hone.tune.Tuner;
import dev.hone.tune.TuningListener;
import dev.hone.tune.TuningRecord;
import dev.hone.tune.TuningRecords;
import dev.hone.tune.TuningTask;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Searches the quickest schedules of a model's linear layers on this computer and says what they gain. */
@Command(
        name = "tune",
        description = "Measures which tiles, fetch distances, blocks of rows and of the depth, and bands of rows for"
                + " the threads run a model's linear layers quickest on this computer. What is found is kept, and used"
                + " whenever such layers are compiled again.",
        footer = {
            "",
            "Examples:",
            "  hone tune                                   the bundled model",
            "  hone tune MODEL --precision int8 --budget 5m",
            "  hone tune MODEL --resume                    leave out what has a record for this processor already"
        })
final class TuneCommand implements Callable<Integer> {
    private static final Pattern BUDGET = Pattern.compile("(\\d{1,6})([smh]?)");

    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            description = "A directory in the layout of Hugging Face, or an ONNX file; default: the bundled model.")
    private @Nullable Path model;

    @Option(
            names = "--precision",
            paramLabel = "P",
            completionCandidates = PrecisionLabels.class,
            description = "Of the large products, one of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private String precision = Precision.F32.label();

    @Option(names = "--budget", paramLabel = "T", description = "Time for the search, as 60s or 5m: ${DEFAULT-VALUE}.")
    private String budget = "60s";

    @Option(
            names = "--records",
            paramLabel = "F",
            description = "File of JSON lines that keeps what is found; default: hone/tuning.jsonl in the user's data"
                    + " directory, which every later run reads.")
    private @Nullable Path records;

    @Option(
            names = "--shape",
            paramLabel = "BxS",
            description = "Where the whole plan is compared at the end, with commas: ${DEFAULT-VALUE}.")
    private String shapes = "1x8,1x32,1x128,8x64";

    @Option(names = "--resume", description = "Leave out problems that have a record for this processor already.")
    private boolean resume;

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        Duration time = duration(budget);
        List<InputShape> compared = InputShape.parseAll(shapes);
        Path path = model == null ? EmbeddedModel.directory() : ModelArgument.existing(model);
        if (records != null) {
            OutputPlace.refuseToOverwrite(path, records);
        }
        RecordFile file = RecordFile.at(records == null ? TuningRecords.userFile() : records);
        SessionOptions options =
                SessionOptions.defaults().withThreads(common.threads()).withPrecision(Precision.parse(precision));
        Machine machine = Machine.detect();
        List<TuningTask> tasks = Session.tuningTasks(path, options);
        TuningRecords known = TuningRecords.of(file.read());
        List<TuningTask> wanted = tasks.stream()
                .filter(task -> !resume || known.find(task.problem(), machine).isEmpty())
                .toList();
        List<TuningTask> left = new Tuner(machine, common.threads(), new Report()).run(wanted, time, file::append);
        LinearSchedules tuned = TuningRecords.of(file.read()).on(machine);
        boolean changed = tasks.stream()
                .map(TuningTask::problem)
                .anyMatch(problem -> !tuned.of(problem).equals(problem.usualSchedule()));
        if (changed) {
            compare(path, options, tuned, compared);
        }
        ending(tasks.size() - wanted.size(), left);
        return 0;
    }

    /** @throws HoneException of category USAGE for what is no time */
    static Duration duration(String text) {
        Matcher matcher = BUDGET.matcher(text.strip());
        if (!matcher.matches()) {
            throw new HoneException(
                    Category.USAGE, "--budget " + text + ": give seconds, minutes or hours as 60s, 5m, 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "h" -> Duration.ofHours(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** Prints each problem as it is done. */
    private final class Report implements TuningListener {
        @Override
        public void begin(TuningTask task, int number, int tasks) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    "tuning " + number + " of " + tasks + ": " + task.problem().line());
            err.flush();
        }

        @Override
        public void found(TuningTask task, TuningRecord record) {
            PrintWriter out = spec.commandLine().getOut();
            Gain gain = record.gain();
            if (format == Format.JSON) {
                out.println(Json.line(record));
            } else if (gain.rounds() == 0) {
                out.println(record.problem() + " x" + task.count() + ": the usual schedule stays");
            } else {
                out.println(record.problem() + " x" + task.count()
                        + text(": %.3f [%.3f - %.3f] of the usual time, ", gain.ratio(), gain.low(), gain.high())
                        + record.schedule().line());
            }
            out.flush();
        }
    }

    private void compare(Path path, SessionOptions options, LinearSchedules tuned, List<InputShape> compared) {
        int vocabulary = ModelFacts.of(path, OptionalInt.empty()).vocabulary();
        PrintWriter out = spec.commandLine().getOut();
        try (Session usual = Session.open(path, options.withSchedules(LinearSchedules.USUAL));
                Session best = Session.open(path, options.withSchedules(tuned))) {
            PlanComparison comparison = new PlanComparison(usual, best, vocabulary);
            for (InputShape shape : compared) {
                PlanComparison.Times times = comparison.measure(shape);
                out.println(
                        format == Format.JSON
                                ? Json.line(times)
                                : text(
                                        "whole plan at %s: %.3f ms, usual schedules %.3f ms, ratio %.3f",
                                        shape, times.tunedMillis(), times.usualMillis(), times.ratio()));
                out.flush();
            }
        }
    }

    private void ending(int known, List<TuningTask> left) {
        Path path = records == null ? TuningRecords.userFile() : records;
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            Map<String, Object> last = new LinkedHashMap<>();
            last.put("records", path.toString());
            last.put("left_out", known);
            last.put(
                    "not_reached",
                    left.stream().map(task -> task.problem().line()).toList());
            out.println(Json.line(last));
            return;
        }
        out.println("records   " + path.toAbsolutePath());
        if (known > 0) {
            out.println(known + " problems had a record already");
        }
        left.forEach(task ->
                out.println("not reached within the budget: " + task.problem().line() + " (go on with --resume)"));
    }

    @SuppressWarnings("AnnotateFormatMethod") // Formats are literals of this class.
    private static String text(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
