package dev.hone.cli;

import dev.hone.engines.Engine;
import dev.hone.engines.Engines;
import dev.hone.graph.Op;
import dev.hone.machine.Machine;
import dev.hone.measure.Json;
import dev.hone.measure.Progress;
import dev.hone.optimize.Candidate;
import dev.hone.optimize.OptimizeReport;
import dev.hone.optimize.Optimizer;
import dev.hone.optimize.Optimizer.Choice;
import dev.hone.optimize.Optimizer.Settings;
import dev.hone.optimize.ReportFile;
import dev.hone.optimize.Subject;
import dev.hone.quantize.Precision;
import dev.hone.task.EmbeddedModel;
import dev.hone.task.TaskConfiguration;
import dev.hone.tokenize.TextTokenizer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The main job: the model on its own engine and on Hone, answers compared, then measured side by side. */
@Command(
        name = "optimize",
        description = "Makes a sentence embedder fast: loads, fuses and compiles it, checks its answers against the"
                + " original on ONNX Runtime, and measures both by turns.",
        footer = {
            "",
            "Examples:",
            "  hone optimize                                 the bundled all-MiniLM-L6-v2",
            "  hone optimize MODEL --threads 2 --seconds 3   a directory with model.onnx, measured longer",
            "  hone optimize --max-loss 1%%                   a lower precision may be chosen",
            "  hone optimize --format json --out report.json"
        })
final class OptimizeCommand implements Callable<Integer> {
    private static final String BUNDLED = "all-MiniLM-L6-v2 (bundled)";
    private static final int PASSES = 3;

    /** How the report is printed. */
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
            description = "A directory with an ONNX file, or the file; default: the bundled model.")
    private @Nullable Path model;

    @Option(names = "--seconds", paramLabel = "S", description = "Timed per engine and length: ${DEFAULT-VALUE}.")
    private double seconds = 1;

    @Option(
            names = "--max-loss",
            paramLabel = "P",
            description = "What a lower precision may lose of the rank correlation with the grades, as in 1%%;"
                    + " default: nothing, so that only single precision is chosen.")
    private String mostLoss = "0%";

    @Option(names = "--out", paramLabel = "FILE", description = "The whole report as JSON: ${DEFAULT-VALUE}.")
    private Path report = Path.of("hone-optimize.json");

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        int threads = common.threads();
        if (model != null) {
            ModelArgument.refuseToOverwrite(model, report);
        }
        try (ReportFile file = ReportFile.at(report)) {
            Path path = model == null ? EmbeddedModel.directory() : ModelArgument.existing(model);
            OptimizeReport result = optimize(path, threads);
            file.write(Json.document(result));
            print(result);
        }
        return 0;
    }

    private OptimizeReport optimize(Path path, int threads) {
        ModelFacts facts = ModelFacts.of(path, OptionalInt.of(threads));
        double allowed = Percentage.parse("--max-loss", mostLoss);
        TaskConfiguration configuration = TaskConfiguration.read(path);
        Settings settings = new Settings(threads, seconds, Settings.LENGTHS, PASSES, facts.work(), facts.peak());
        try (TextTokenizer tokenizer = TextTokenizer.open(ModelFacts.folder(path))) {
            Subject subject = new Subject(
                    model == null ? BUNDLED : path.toString(),
                    path,
                    text -> tokenizer
                            .encode(text, configuration.maximumLength())
                            .ids(),
                    pooling(configuration),
                    facts.vocabulary());
            Progress progress = TerminalProgress.onStandardError();
            OptimizeReport result = new Optimizer(subject, settings, progress).compare(choices(), allowed);
            progress.begin("", 0);
            return result;
        }
    }

    /** The original, and every precision that gains something here. */
    private static List<Choice> choices() {
        Engine hone = Engines.named("hone");
        List<Choice> choices = new ArrayList<>();
        choices.add(new Choice(Engines.named("onnxruntime"), Precision.F32));
        choices.add(new Choice(hone, Precision.F32));
        if (Machine.detect().chosenIsa().hasBfloatProducts()) {
            choices.add(new Choice(hone, Precision.BF16));
        }
        choices.add(new Choice(hone, Precision.INT8));
        return choices;
    }

    private static Op.Pooling pooling(TaskConfiguration configuration) {
        return switch (configuration.pooling().mode()) {
            case MEAN -> Op.Pooling.MEAN;
            case CLS -> Op.Pooling.CLS;
            case MAX -> Op.Pooling.MAX;
        };
    }

    private void print(OptimizeReport result) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.TABLE) {
            OptimizeTable.lines(result).forEach(out::println);
            out.println("report    " + report.toAbsolutePath());
            return;
        }
        for (Candidate candidate : result.candidates()) {
            out.println(Json.line(candidate));
        }
        Map<String, @Nullable Object> last = new LinkedHashMap<>();
        last.put("chosen", result.chosen());
        last.put("artefact", null);
        last.put("report", report.toAbsolutePath().toString());
        out.println(Json.line(last));
    }
}
