package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.OnnxFacts;
import dev.hone.checkpoint.OnnxWriter;
import dev.hone.engines.ScratchFolder;
import dev.hone.graph.Graph;
import dev.hone.graph.GraphText;
import dev.hone.graph.OperatorCounts;
import dev.hone.graph.Value;
import dev.hone.measure.AnswerCheck;
import dev.hone.measure.Json;
import dev.hone.measure.TokenLimits;
import dev.hone.session.ExportedModel;
import dev.hone.session.OpenedModel;
import dev.hone.transform.ComposeTransformation;
import dev.hone.transform.Pipeline;
import dev.hone.transform.Pipelines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What transforms do to a graph: which fired, which did not and why, whether the answers stay, and the graphs. */
@Command(
        name = "transform",
        description = "Changes a model's graph by named transforms, says what each did and where it did not fire and"
                + " why, and compares the answers before and after. Without --passes it simplifies and fuses the graph"
                + " as Hone runs it.",
        footer = {
            "",
            "Examples:",
            "  hone transform --list                       all transforms by their published names",
            "  hone transform MODEL --passes MergeLinears,FuseBiasInLinear --out F.onnx",
            "  hone transform F.onnx --passes MergeLinears,FuseBiasInLinear --reverse --out G.onnx",
            "  hone transform MODEL --passes BindParams,FoldConstant --bind token_type_ids=0",
            "  hone transform MODEL --passes SimplifyExpr --dump before.txt,after.txt",
            "  hone transform MODEL                        Hone's own pipeline",
            "  hone transform MODEL --out fused.onnx       the graph as a file for other engines",
            "  hone transform MODEL --html page.html       both graphs to look at, and what each pass did",
            "  hone transform MODEL --verbose              every place where a pass fired or nearly did"
        })
final class TransformCommand implements Callable<Integer> {
    /** The inputs that both engines feed. */
    private static final Set<String> TOKEN_INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

    /** How the account is printed. */
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
            description = "A directory in the layout of Hugging Face, or an ONNX file.")
    private @Nullable Path model;

    @Option(
            names = "--passes",
            paramLabel = "A",
            split = ",",
            description = "Transforms of the graph as exported, one after another; --list names them.")
    private List<String> passes = List.of();

    @Option(names = "--reverse", description = "Undo the transforms, the last one first.")
    private boolean reverse;

    @Option(
            names = "--bind",
            paramLabel = "INPUT=N",
            split = ",",
            description = "For BindParams: an input that always holds the number N.")
    private List<String> bindings = List.of();

    @Option(names = "--list", description = "Print all transforms, where they were published and what they do.")
    private boolean list;

    @Option(
            names = "--dump",
            paramLabel = "DIR",
            split = ",",
            description = "Write the numbered text of the graph after each pass into a directory; of two names with a"
                    + " comma between them, the text before into the first file and that after into the second.")
    private List<Path> dump = List.of();

    @Option(names = "--out", paramLabel = "F.onnx", description = "Write the transformed graph as ONNX.")
    private @Nullable Path output;

    @Option(
            names = "--html",
            paramLabel = "FILE.html",
            description = "Write a page with both graphs and what each pass did, and its data as FILE.json.")
    private @Nullable Path page;

    @Option(names = "--external-data", description = "Keep the constants in a second file, F.onnx.data.")
    private boolean externalData;

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        if (list) {
            printList();
            return 0;
        }
        Path path = model == null ? noModel() : ModelArgument.existing(model);
        if (dump.size() > 2) {
            throw new HoneException(Category.USAGE, "--dump " + dump + ": give a directory, or two files");
        }
        if (externalData && output == null) {
            throw new HoneException(Category.USAGE, "--external-data is for a file that --out names");
        }
        // Weights are views of the model's files: writing over one of them would change what is written.
        if (output != null) {
            OutputPlace.check(path, output);
        }
        if (passes.isEmpty()) {
            fuse(path);
        } else {
            transform(path);
        }
        return 0;
    }

    private static Path noModel() {
        throw new HoneException(Category.USAGE, "no model: name a directory or an ONNX file, or ask for --list");
    }

    private void fuse(Path path) {
        if (reverse || !bindings.isEmpty()) {
            throw new HoneException(Category.USAGE, "--reverse and --bind are for transforms that --passes names");
        }
        try (OpenedModel source = OpenedModel.open(path);
                PageFiles files = page == null ? null : PageFiles.at(path, page)) {
            Pipeline.Result result = run(Pipelines.INFERENCE, source.graph());
            print(source.graph(), result);
            show(files, path, source.graph(), result);
            write(result.graph(), source.facts());
        }
    }

    private void transform(Path path) {
        ComposeTransformation named = TransformNames.parse(passes, bindings);
        ComposeTransformation composed = reverse ? named.reversed() : named;
        try (ExportedModel source = ExportedModel.open(path);
                ScratchFolder scratch = ScratchFolder.open();
                PageFiles files = page == null ? null : PageFiles.at(path, page)) {
            source.notes().forEach(spec.commandLine().getErr()::println);
            Pipeline.Result result = run(composed.pipeline(), source.graph());
            print(source.graph(), result);
            compare(source, result.graph(), composed.keepsNumbers(), scratch.path());
            show(files, path, source.graph(), result);
            write(result.graph(), source.facts());
        }
    }

    private void write(Graph graph, Optional<OnnxFacts> facts) {
        if (output != null) {
            OnnxWriter.Options options = new OnnxWriter.Options(facts, externalData);
            OnnxWriter.write(graph, output, options).forEach(spec.commandLine().getErr()::println);
        }
    }

    private void show(@Nullable PageFiles files, Path path, Graph before, Pipeline.Result result) {
        if (files != null) {
            files.write(new ModelPages(path, spec).transforms(before, result.graph(), result.report()));
        }
    }

    private Pipeline.Result run(Pipeline pipeline, Graph graph) {
        boolean folder = dump.size() == 1;
        Pipeline.Result result = pipeline.run(graph, folder ? Optional.of(dump.getFirst()) : Optional.empty());
        if (dump.size() == 2) {
            write(dump.getFirst(), graph);
            write(dump.getLast(), result.graph());
        }
        return result;
    }

    private static void write(Path file, Graph graph) {
        try {
            Files.writeString(file, GraphText.print(graph));
        } catch (IOException failure) {
            throw new HoneException(
                    Category.OUTPUT, file + ": the graph's text cannot be written: " + failure.getMessage(), failure);
        }
    }

    /** Compares the answers before a file is left under its name. */
    private void compare(ExportedModel source, Graph changed, boolean keepsNumbers, Path scratch) {
        List<String> inputs = source.graph().inputs().stream().map(Value::name).toList();
        if (!TOKEN_INPUTS.containsAll(inputs)) {
            spec.commandLine()
                    .getErr()
                    .println("answers were not compared: the inputs are " + inputs + " and not those of an encoder");
            return;
        }
        Path original = source.file().orElseGet(() -> {
            Path exported = scratch.resolve("before.onnx");
            OnnxWriter.write(source.graph(), exported);
            return exported;
        });
        Path after = scratch.resolve("after.onnx");
        OnnxWriter.write(changed, after, new OnnxWriter.Options(source.facts(), false));
        AnswerCheck check = AnswerCheck.of(original, after, TokenLimits.of(source.graph()), common.threads());
        if (keepsNumbers && !check.isEqual()) {
            throw new HoneException(
                    Category.MACHINE,
                    "answers changed by " + check.difference().largestRelative()
                            + " of the largest number, more than " + AnswerCheck.TOLERANCE
                            + "; nothing was written, please report this with the model");
        }
        print(check, keepsNumbers);
    }

    private void print(Graph before, Pipeline.Result result) {
        PrintWriter out = spec.commandLine().getOut();
        OperatorCounts counts = OperatorCounts.of(before, result.graph());
        if (format == Format.JSON) {
            PassTable.objects(result.report()).forEach(pass -> out.println(Json.line(pass)));
            out.println(Json.line(PassTable.object(counts)));
            return;
        }
        PassTable.lines(result.report(), common.verbose()).forEach(out::println);
        out.println();
        PassTable.lines(counts).forEach(out::println);
    }

    private void print(AnswerCheck check, boolean keepsNumbers) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            out.println(Json.line(check));
            return;
        }
        String judgement = keepsNumbers ? "equal" : "approximated, as the pass says";
        out.printf(
                Locale.ROOT,
                "%nanswers %s: %d numbers of %s, the largest difference %.1e, %.1e of the largest number%n"
                        + "        (%s, %d sequences of %d seeded tokens, padded)%n",
                judgement,
                check.difference().values(),
                String.join(", ", check.difference().outputs()),
                check.difference().largestAbsolute(),
                check.difference().largestRelative(),
                check.engine(),
                check.sequences(),
                check.tokens());
    }

    private void printList() {
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            TransformNames.objects().forEach(each -> out.println(Json.line(each)));
        } else {
            TransformNames.lines().forEach(out::println);
        }
    }
}
