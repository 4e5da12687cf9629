package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.calibrate.AnswerAgreement;
import dev.hone.calibrate.Calibration;
import dev.hone.calibrate.OnnxQuantization;
import dev.hone.calibrate.OnnxQuantization.Paths;
import dev.hone.calibrate.OnnxQuantization.Written;
import dev.hone.engines.ModelFiles;
import dev.hone.machine.Machine;
import dev.hone.measure.Progress;
import dev.hone.onnx.quantize.ByteType;
import dev.hone.onnx.quantize.NodeChoice;
import dev.hone.onnx.quantize.Preset;
import dev.hone.onnx.quantize.QuantizationSettings;
import dev.hone.onnx.quantize.WeightScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An ONNX file in, a quantised ONNX file out. */
@Command(
        name = "quantize",
        description = "Quantises an ONNX file for ONNX Runtime, says what became of each node and how far the answers"
                + " moved.",
        footer = {
            "",
            "Operators: MatMul, Gemm, Gather (tables of embeddings), Attention of com.microsoft; with --static also",
            "Add, Mul, and in qdq form Softmax, LayerNormalization, Gelu, Tanh and Erf.",
            "",
            "Examples:",
            "  hone quantize model.onnx --out model-int8.onnx",
            "  hone quantize model.onnx --out static.onnx --static --calibrate texts.txt --calibration percentile",
            "  hone quantize model.onnx --out model-int8.onnx --preset avx2 --operators MatMul,Gemm",
            "  hone quantize model.onnx --out model-int8.onnx --exclude-nodes /pooler/dense/Gemm --verbose"
        })
final class QuantizeCommand implements Callable<Integer> {
    /** How the account is printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private CalibrationOptions texts = new CalibrationOptions();

    @Parameters(paramLabel = "MODEL", description = "An ONNX file, or a directory that holds model.onnx.")
    private Path model = Path.of("");

    @Option(names = "--out", paramLabel = "F.onnx", required = true, description = "The file to write.")
    private Path output = Path.of("");

    @Option(
            names = "--preset",
            paramLabel = "P",
            description = "auto (of this machine's processor), arm64, avx2, avx512 or avx512_vnni: ${DEFAULT-VALUE}.")
    private String preset = "auto";

    @Option(names = "--weights", paramLabel = "T", description = "u8 or s8; default: the preset's.")
    private @Nullable String weights;

    @Option(names = "--asymmetric-weights", description = "Ranges of weights that are not even about 0.")
    private boolean asymmetricWeights;

    @Option(
            names = "--per-channel",
            negatable = true,
            fallbackValue = "true",
            description = "A scale for each column of a weight; on unless --no-per-channel is given.")
    private boolean perChannel = true;

    @Option(names = "--reduce-range", description = "Weights of 7 bits, whose sums fit 16 bits on every processor.")
    private boolean reduceRange;

    @Option(
            names = "--operators",
            paramLabel = "O",
            split = ",",
            description = "Operators to quantise; default: those with weights.")
    private Set<String> operators = Set.of();

    @Option(names = "--nodes", paramLabel = "N", split = ",", description = "Nodes to quantise, no others.")
    private Set<String> nodes = Set.of();

    @Option(names = "--exclude-nodes", paramLabel = "N", split = ",", description = "Nodes to leave as they are.")
    private Set<String> excluded = Set.of();

    @Option(
            names = "--fuse",
            negatable = true,
            fallbackValue = "true",
            description = "Use ONNX Runtime's own operators where bytes gain by them; on unless --no-fuse is given, or"
                    + " operators or nodes of the file are named.")
    private boolean fuse = true;

    @Option(names = "--products", description = "Also quantise products of two values, as of queries and keys.")
    private boolean products;

    @Option(names = "--external-data", description = "Write constants to F.onnx.data even when one file can hold them.")
    private boolean externalData;

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() {
        Path original = onnx();
        OutputPlace.check(model, output);
        Preset.Choice chosen = preset();
        WeightScheme scheme = new WeightScheme(
                weights == null ? chosen.preset().weights() : ByteType.parse(weights),
                perChannel,
                !asymmetricWeights,
                reduceRange || chosen.reducedRange());
        QuantizationSettings settings =
                new QuantizationSettings(new NodeChoice(operators, nodes, excluded), scheme, products, texts.form());
        QuantizeLines lines = new QuantizeLines(spec.commandLine().getOut(), format, common.verbose());
        lines.settings(chosen, scheme);
        boolean fused = fuse && settings.choice().equals(NodeChoice.ALL);
        lines.graph(fused);
        Written written = write(new Paths(original, output, externalData, fused), settings);
        lines.written(output, written);
        lines.warnings(warnings(chosen.preset(), scheme));
        if (texts.compares()) {
            Progress progress = TerminalProgress.onStandardError();
            AnswerAgreement agreement =
                    AnswerAgreement.between(original, output, texts.heldOut(original), common.threads(), progress);
            progress.begin("", 0);
            lines.agreement(agreement);
        }
        return 0;
    }

    private Written write(Paths files, QuantizationSettings settings) {
        if (settings.form().isEmpty()) {
            return OnnxQuantization.dynamic(files, settings);
        }
        Calibration calibration = texts.calibration(common.threads());
        Progress progress = TerminalProgress.onStandardError();
        Written written = OnnxQuantization.fixed(files, settings, calibration, texts.texts(files.original()), progress);
        progress.begin("", 0);
        return written;
    }

    private Path onnx() {
        ModelArgument.existing(model);
        return ModelFiles.onnxFile(model)
                .orElseThrow(() -> new HoneException(
                        Category.USAGE,
                        model + ": no ONNX file here; make one with hone transform MODEL --out F.onnx"));
    }

    private Preset.Choice preset() {
        Preset.Choice suited = Preset.forMachine(Machine.detect());
        return Preset.parse(preset)
                .map(named -> new Preset.Choice(named, false, "it was asked for"))
                .orElse(suited);
    }

    private static List<String> warnings(Preset preset, WeightScheme scheme) {
        Preset.Choice suited = Preset.forMachine(Machine.detect());
        return QuantizeWarnings.of(preset, scheme, suited);
    }
}
