package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.ModelDirectory;
import dev.hone.machine.Machine;
import dev.hone.measure.InputShape;
import dev.hone.measure.Json;
import dev.hone.measure.MachineRecord;
import dev.hone.measure.ModelWork;
import dev.hone.optimize.ReportFile;
import dev.hone.profile.ModelProfile;
import dev.hone.profile.Profiler;
import dev.hone.profile.RunTrace;
import dev.hone.quantize.Scheme;
import dev.hone.session.Session;
import dev.hone.session.SessionOptions;
import dev.hone.session.TokenBatch;
import dev.hone.task.TaskConfiguration;
import dev.hone.tokenize.Encoding;
import dev.hone.tokenize.TextTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where the time of a model's runs goes. */
@Command(
        name = "profile",
        description = "Tells where the time goes: by step, by kind of step, by layer and by thread, beside what the"
                + " machine can do.",
        footer = {
            "",
            "Examples:",
            "  hone profile                                  the bundled model at 1x128",
            "  hone profile MODEL --shape 1x8,8x128          a table for each shape",
            "  hone profile \"a text\" \"another text\"          these texts as one batch, with the tokenizer",
            "  hone profile MODEL --trace run.json           one run for https://ui.perfetto.dev",
            "  hone profile MODEL --html run.html            a page with charts and the graph",
            "  hone profile MODEL --format json              one object a line: run, steps, kinds, layers"
        })
final class ProfileCommand implements Callable<Integer> {
    private static final String DEFAULT_SHAPE = "1x128";
    private static final double MOST_SECONDS = 3600;
    private static final long SEED = 20_240_607L;

    /** How the profile is printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private SchemeOptions schemes = new SchemeOptions();

    @Parameters(
            paramLabel = "[MODEL] [TEXT...]",
            description =
                    "A model directory or ONNX file, default: the bundled model; texts that are run as one batch.")
    private List<String> words = List.of();

    @Option(
            names = "--shape",
            paramLabel = "BxS",
            description = "Batch x tokens, with commas; default without texts: " + DEFAULT_SHAPE + ".")
    private @Nullable String shapes;

    @Option(
            names = "--precision",
            paramLabel = "P",
            completionCandidates = PrecisionLabels.class,
            description = "One of ${COMPLETION-CANDIDATES}; default: f32, or an artefact's.")
    private String precision = "";

    @Option(names = "--seconds", paramLabel = "S", description = "Timed for each shape: ${DEFAULT-VALUE}.")
    private double seconds = 3;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Print the N longest steps, 0 for all; default: ${DEFAULT-VALUE}.")
    private int steps = 15;

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Option(names = "--trace", paramLabel = "FILE", description = "Write one typical run as trace events for Perfetto.")
    private @Nullable Path trace;

    @Option(
            names = "--html",
            paramLabel = "FILE.html",
            description = "Write a page with tables, charts and graphs, and its data as FILE.json.")
    private @Nullable Path page;

    @Override
    public Integer call() {
        ModelArgument model = ModelArgument.of(words, spec.commandLine().getErr());
        List<InputShape> wanted = wanted(model.texts());
        if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
            throw new HoneException(
                    Category.USAGE, "--seconds " + seconds + ": give more than 0 and at most " + MOST_SECONDS);
        }
        if (steps < 0) {
            throw new HoneException(Category.USAGE, "--steps " + steps + ": give a number, or 0 for all steps");
        }
        if (precision.isEmpty()) {
            precision = ModelFacts.precision(model.path());
        }
        Scheme scheme = schemes.scheme(precision);
        SessionOptions options = SessionOptions.defaults()
                .withThreads(common.threads())
                .withScheme(scheme)
                .withCalibration(schemes.calibration(model.path(), scheme, common.threads()));
        if (trace != null) {
            OutputPlace.refuseToOverwrite(model.path(), trace);
        }
        try (ReportFile file = trace == null ? null : ReportFile.at(trace);
                PageFiles pages = page == null ? null : PageFiles.at(model.path(), page)) {
            profile(model, wanted, options, new Files(model.path(), file, pages));
        }
        return 0;
    }

    /** What is written besides the answer on the terminal. */
    private record Files(
            Path model,
            @Nullable ReportFile trace,
            @Nullable PageFiles page) {}

    private List<InputShape> wanted(List<String> texts) {
        if (shapes != null && !texts.isEmpty()) {
            throw new HoneException(Category.USAGE, "--shape and texts exclude each other: give one of them");
        }
        List<InputShape> wanted = InputShape.parseAll(shapes == null ? DEFAULT_SHAPE : shapes);
        if ((trace != null || page != null) && wanted.size() > 1) {
            throw new HoneException(
                    Category.USAGE, "--trace and --html hold one run: give one shape, not " + wanted.size());
        }
        return wanted;
    }

    private void profile(ModelArgument model, List<InputShape> wanted, SessionOptions options, Files files) {
        try (Session session = Session.open(model.path(), options)) {
            Profiler profiler = new Profiler(session, options.threads(), seconds);
            if (!model.texts().isEmpty()) {
                print(session, "texts", texts(model, session, profiler), files);
                return;
            }
            int vocabulary = new ModelWork(session.graph()).vocabulary();
            for (InputShape shape : wanted) {
                if (shape.sequence() > session.maximumLength()) {
                    throw new HoneException(
                            Category.USAGE,
                            "shape " + shape + ": the model takes at most " + session.maximumLength() + " tokens");
                }
                TokenBatch batch = shape.tokens(vocabulary, SEED);
                print(session, shape.toString(), profiler.profile(batch), files);
            }
        }
    }

    private static ModelProfile texts(ModelArgument model, Session session, Profiler profiler) {
        int longest = Math.min(
                session.maximumLength(), TaskConfiguration.read(model.path()).maximumLength());
        try (TextTokenizer tokenizer = TextTokenizer.open(ModelDirectory.of(model.path()))) {
            return profiler.profileTexts(() -> {
                List<Encoding> encodings = model.texts().stream()
                        .map(text -> tokenizer.encode(text, longest))
                        .toList();
                return new TokenBatch(
                        encodings.stream().map(Encoding::ids).toArray(int[][]::new),
                        encodings.stream().map(Encoding::types).toArray(int[][]::new));
            });
        }
    }

    private void print(Session session, String input, ModelProfile profile, Files files) {
        if (format == Format.JSON) {
            spec.commandLine().getErr().println(Json.line(MachineRecord.here(Map.of())));
            ProfileLines.of(input, precision, profile)
                    .forEach(spec.commandLine().getOut()::println);
        } else {
            String isa = Machine.detect().chosenIsa().label();
            new ProfileTable(profile, steps)
                    .print(
                            input + ", " + precision + ", " + isa,
                            spec.commandLine().getOut());
        }
        spec.commandLine().getOut().flush();
        if (files.trace() != null) {
            String title = "hone " + input + " " + precision;
            files.trace().write(RunTrace.json(title, session.steps(), profile.typical()));
        }
        if (files.page() != null) {
            ModelPages pages = new ModelPages(files.model(), spec);
            files.page().write(pages.profile(session, input, precision, profile));
        }
    }
}
