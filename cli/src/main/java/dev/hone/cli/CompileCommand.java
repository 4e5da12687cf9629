package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.measure.Json;
import dev.hone.quantize.Precision;
import dev.hone.quantize.Scheme;
import dev.hone.session.ArtefactCompiler;
import dev.hone.session.SessionOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compiles a model into a folder that starts quickly and needs no compiler. */
@Command(
        name = "compile",
        description =
                "Compiles a model into a folder that every command opens in place of the model, without a compiler.",
        footer = {
            "",
            "Targets: host, or a list of generic (x86-64), avx2 (x86-64-v3), avx512 (x86-64-v4), avx512_vnni and",
            "avx512_bf16. The widest one a computer has is used there; weights packed alike are kept once.",
            "",
            "Examples:",
            "  hone compile MODEL --precision int8 --out minilm-int8",
            "  hone compile MODEL --target avx2,avx512_vnni --out minilm",
            "  hone infer minilm-int8 \"a text\""
        })
final class CompileCommand implements Callable<Integer> {
    /** How the result is printed. */
    enum Format {
        TEXT,
        JSON
    }

    private static final String X86 = "x86-64";

    /** Names that compilers have for what some instruction sets need. */
    private static final Map<String, Isa> LEVELS = Map.of(
            X86,
            Isa.GENERIC,
            X86 + "-v3",
            Isa.AVX2,
            X86 + "-v4",
            Isa.AVX512,
            "armv8-a",
            Isa.NEON,
            "armv8.2-a+dotprod",
            Isa.NEON_DOTPROD,
            "armv8.2-a+dotprod+i8mm",
            Isa.NEON_I8MM,
            "armv8.6-a",
            Isa.NEON_BF16);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private SchemeOptions schemes = new SchemeOptions();

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            description = "A directory in the layout of Hugging Face or an ONNX file; default: the bundled model.")
    private @Nullable Path model;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder, which must not exist yet.")
    private Path output = Path.of("");

    @Option(
            names = "--precision",
            paramLabel = "P",
            completionCandidates = PrecisionLabels.class,
            description = "Of the large products, one of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private String precision = Precision.F32.label();

    @Option(
            names = "--target",
            paramLabel = "T",
            split = ",",
            description = "Instruction sets of one architecture, of this computer or another; default: host.")
    private List<String> targets = List.of("host");

    @Option(
            names = "--portable",
            description =
                    "Answer with the same bits on every computer that has fused multiply-add (avx2, neon and wider).")
    private boolean portable;

    @Option(names = "--format", paramLabel = "F", description = "text or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Path path = model == null ? ModelArgument.of(List.of(), err).path() : ModelArgument.existing(model);
        List<Isa> levels =
                targets.stream().map(CompileCommand::level).distinct().sorted().toList();
        checkArchitecture(levels);
        OutputPlace.checkFolder(output);
        Scheme scheme = schemes.scheme(precision);
        SessionOptions options = SessionOptions.defaults()
                .withThreads(common.threads())
                .withScheme(scheme)
                .withCalibration(schemes.calibration(path, scheme, common.threads()))
                .withPortable(portable);
        String version = new Main.Version().getVersion()[0].replace("hone ", "");
        long start = System.nanoTime();
        ArtefactCompiler.Result result = ArtefactCompiler.compile(path, options, levels, output, version);
        result.notes().forEach(err::println);
        Isa least = levels.getFirst();
        if (least != Isa.GENERIC && least != Isa.NEON) {
            Stream<String> plainer = least.isArm() ? Stream.of("neon") : Stream.of("generic", "avx2");
            String all = Stream.concat(plainer, targets.stream()).distinct().collect(Collectors.joining(","));
            err.println("note: it runs only on processors with " + least.label() + "; --target " + all
                    + " fits others too");
        }
        print(result, options.scheme().toString(), levels, (System.nanoTime() - start) / 1e9);
        return 0;
    }

    /** Before anything takes time; code for any x86-64 is that of an architecture, and generic code is not. */
    private void checkArchitecture(List<Isa> levels) {
        String architecture = ArtefactCompiler.architecture(levels);
        if (!architecture.equals("x86_64") && targets.contains(X86)) {
            throw new HoneException(
                    Category.USAGE,
                    "--target " + String.join(",", targets) + " asks for " + X86 + " and gets code for " + architecture
                            + "; name " + X86 + "-v3 beside it, or leave it away");
        }
    }

    private static Isa level(String target) {
        String name = target.toLowerCase(Locale.ROOT);
        if (name.equals("host")) {
            return Machine.detect().chosenIsa();
        }
        Isa level = LEVELS.get(name);
        try {
            return level == null ? Isa.parse(name) : level;
        } catch (HoneException unknown) {
            throw new HoneException(
                    Category.USAGE,
                    "unknown target '" + target + "': give host, "
                            + String.join(", ", new TreeSet<>(LEVELS.keySet())) + " or one of "
                            + List.of(Isa.values()).stream().map(Isa::label).toList(),
                    unknown);
        }
    }

    private void print(ArtefactCompiler.Result result, String scheme, List<Isa> levels, double seconds) {
        PrintWriter out = spec.commandLine().getOut();
        List<String> labels = levels.stream().map(Isa::label).toList();
        if (format == Format.JSON) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("artefact", output.toString());
            json.put("precision", scheme);
            json.put("portable", portable);
            json.put("targets", labels);
            json.put("bytes", result.planBytes());
            json.put("seconds", seconds);
            out.println(Json.line(json));
            return;
        }
        out.printf(
                Locale.ROOT,
                "wrote %s: %s for %s, %.1f MB in %.1f s%n",
                output,
                scheme,
                String.join(", ", labels),
                result.planBytes() / 1e6,
                seconds);
    }
}
