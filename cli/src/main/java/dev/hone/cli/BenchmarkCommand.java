package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.Engine;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.Engines;
import dev.hone.engines.ModelFiles;
import dev.hone.measure.Contestant;
import dev.hone.measure.InputShape;
import dev.hone.measure.Json;
import dev.hone.measure.LatencyBenchmark;
import dev.hone.measure.LatencyBenchmark.Conditions;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.Progress;
import dev.hone.measure.TurnTimer;
import dev.hone.quantize.Scheme;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

/** Latency of one model on one engine or on several by turns. */
@Command(
        name = "benchmark",
        description = "Measures latency. Engines named together run by turns in this process, and only after their"
                + " answers were compared.",
        footer = {
            "",
            "Examples:",
            "  hone benchmark MODEL --engine hone,onnxruntime --shape 1x8,1x128,8x128",
            "  hone benchmark MODEL --engine hone,onnxruntime --precision f32,bf16,int8",
            "  hone benchmark MODEL --shape 1x128 --format median    the last word is the median in ms",
            "  hone benchmark MODEL --format json >> latencies.jsonl",
            "  hone benchmark MODEL --batch 1,8 --length 32,128 --threads 1,2 --repeats 20 --format markdown",
            "  hone benchmark MODEL --shape 1x128 --repeats 20 --out before.json     for hone compare"
        })
final class BenchmarkCommand implements Callable<Integer> {
    private static final String DEFAULT_SHAPES = "1x8,1x32,1x128,1x512";

    /** How results are printed. */
    enum Format {
        TABLE,
        JSON,
        CSV,
        MARKDOWN,
        MEDIAN
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private SchemeOptions schemes = new SchemeOptions();

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            description = "A directory in the layout of Hugging Face, an ONNX file, or OWNER/NAME on the hub; default:"
                    + " the bundled model.")
    private @Nullable Path named;

    private Path model = Path.of("");

    @Option(
            names = "--engine",
            paramLabel = "E",
            split = ",",
            description = "One or more, with commas: ${DEFAULT-VALUE}.")
    private List<String> engines = List.of("hone");

    @Option(
            names = "--precision",
            paramLabel = "P",
            split = ",",
            completionCandidates = PrecisionLabels.class,
            description = "One or more of ${COMPLETION-CANDIDATES}, with commas; default: f32, or an artefact's.")
    private List<String> precisions = List.of();

    @Option(names = "--shape", paramLabel = "BxS", description = "Batch x tokens, with commas: ${DEFAULT-VALUE}.")
    private String shapes = DEFAULT_SHAPES;

    @Mixin
    private GridOptions grid = new GridOptions();

    @Option(names = "--seconds", paramLabel = "S", description = "Timed per engine and shape: ${DEFAULT-VALUE}.")
    private double seconds = 2;

    @Option(
            names = "--format",
            paramLabel = "F",
            description = "table, json, csv, markdown or median; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Option(
            names = "--turns",
            description = "Time single turns as standard input asks for them, so that contestants of other processes"
                    + " can take turns with these: a line is ENGINE PRECISION BxS SECONDS, an answer one JSON object.")
    private boolean turns;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        model = ModelArgument.ofModel(named == null ? List.of() : List.of(named.toString()), err);
        List<InputShape> wanted = grid.shapes(shapes, !shapes.equals(DEFAULT_SHAPES));
        List<String> lowered = precisions.isEmpty() ? List.of(ModelFacts.precision(model)) : precisions;
        TurnTimer timer = new TurnTimer(grid.schedule(seconds));
        List<Engine> chosen = engines.stream().map(Engines::named).toList();
        if (turns) {
            try (Contest contest = open(common.threads(), chosen, lowered)) {
                serveTurns(contest, timer, chosen);
            }
            return 0;
        }
        MachineRecord machine = machine(chosen);
        try (BenchmarkOutput output = grid.output(model, spec.commandLine().getOut(), format)) {
            for (int threads : common.threadCounts()) {
                try (Contest contest = open(threads, chosen, lowered)) {
                    contest.leftOut().forEach(err::println);
                    fits(contest.contestants(), wanted);
                    err.println(Json.line(machine));
                    output.begin(machine);
                    measure(contest.benchmark(conditions(threads), timer), wanted, output);
                }
            }
            output.complete();
        }
        return 0;
    }

    private Contest open(int threads, List<Engine> chosen, List<String> lowered) {
        List<EngineOptions> asked = lowered.stream()
                .map(precision -> schemes.engine(model, precision, threads))
                .toList();
        asked.stream()
                .map(EngineOptions::scheme)
                .filter(scheme -> !scheme.equals(Scheme.of(scheme.base())))
                .forEach(scheme ->
                        spec.commandLine().getErr().println(scheme.base().label() + " is " + scheme));
        return Contest.open(model, threads, chosen, asked);
    }

    private void serveTurns(Contest contest, TurnTimer timer, List<Engine> chosen) {
        TurnRequests.Greeting greeting = new TurnRequests.Greeting(
                machine(chosen),
                ModelFiles.onnxFile(model).map(Path::toString).orElse(null),
                contest.contestants().stream()
                        .map(TurnRequests.ContestantName::of)
                        .toList(),
                contest.leftOut());
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        new TurnRequests(contest.benchmark(conditions(common.threads()), timer), contest.contestants())
                .serve(greeting, requests, spec.commandLine().getOut());
    }

    private static MachineRecord machine(List<Engine> chosen) {
        Map<String, String> versions = new LinkedHashMap<>();
        chosen.forEach(engine -> versions.put(engine.name(), engine.version()));
        return MachineRecord.here(versions);
    }

    private Conditions conditions(int threads) {
        OptionalInt peakThreads = format == Format.MEDIAN || turns ? OptionalInt.empty() : OptionalInt.of(threads);
        ModelFacts facts = ModelFacts.of(model, peakThreads);
        return new Conditions(threads, facts.vocabulary(), facts.work(), facts.peak());
    }

    private static void fits(List<Contestant> contestants, List<InputShape> shapes) {
        for (Contestant contestant : contestants) {
            int longest = contestant.session().maximumLength();
            for (InputShape shape : shapes) {
                if (shape.sequence() > longest) {
                    throw new HoneException(
                            Category.USAGE, "shape " + shape + ": the model takes at most " + longest + " tokens");
                }
            }
        }
    }

    private static void measure(LatencyBenchmark benchmark, List<InputShape> shapes, BenchmarkOutput output) {
        Progress progress = TerminalProgress.onStandardError();
        for (InputShape shape : shapes) {
            progress.begin(shape.toString(), benchmark.turns());
            benchmark.repeats(shape, progress::step).forEach(output::add);
            output.flush();
        }
        progress.begin("", 0);
    }
}
