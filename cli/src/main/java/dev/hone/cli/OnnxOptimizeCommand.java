package dev.hone.cli;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.NearestName;
import dev.hone.checkpoint.OnnxOutput;
import dev.hone.engines.OnnxAgreement;
import dev.hone.engines.OnnxRuntimeOptimizer;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.optimize.OnnxOptimizer;
import dev.hone.onnx.optimize.OptimizerReport;
import dev.hone.onnx.optimize.OptimizerSettings;
import dev.hone.onnx.optimize.Switch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

/** An ONNX file with ONNX Runtime's own operators, made of one as exported. */
@Command(
        name = "onnx-optimize",
        description = "Fuses the graph of an ONNX file into ONNX Runtime's operators, and says what fused and why not.",
        footer = {
            "",
            "The file is kept only when ONNX Runtime answers with it as with the original, within the tolerance.",
            "",
            "Examples:",
            "  hone onnx-optimize model.onnx --out fast.onnx",
            "  hone onnx-optimize model.onnx --out fast.onnx --level O3",
            "  hone onnx-optimize model.onnx --out fast.onnx --disable-attention --verbose",
            "  hone onnx-optimize model.onnx --out basic.onnx --level 1 --optimize-with-onnxruntime-only"
        })
final class OnnxOptimizeCommand implements Callable<Integer> {
    private static final double TOLERANCE = 1e-4;
    private static final double TOLERANCE_OF_CHANGED_ANSWERS = 2e-2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private OnnxSwitches switches = new OnnxSwitches();

    @Parameters(paramLabel = "MODEL.onnx", description = "The file to read.")
    private Path model = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "F.onnx", description = "The file to write.")
    private Path output = Path.of("");

    @Option(
            names = "--level",
            paramLabel = "L",
            description = "0 nothing, 1 or O1 general, 2, 99 or O2 with fusions (default), O3 with the approximation of"
                    + " Gelu, O4 with float16, for GPUs.")
    private String level = "2";

    @Option(
            names = "--optimize-with-onnxruntime-only",
            description = "Save what ONNX Runtime itself makes of the model at the level.")
    private boolean onnxRuntimeOnly;

    @Option(
            names = {"--model-type", "--model_type"},
            paramLabel = "T",
            description = "bert, distilbert, roberta or electra; the graph decides, the name is checked only.")
    private String modelType = "bert";

    @Option(
            names = {"--num-heads", "--num_heads"},
            paramLabel = "N",
            description = "Attention heads, which must agree with the graph; default: as the graph says.")
    private int heads;

    @Option(
            names = {"--hidden-size", "--hidden_size"},
            paramLabel = "N",
            description = "Width of the hidden states, which must agree with the graph; default: as the graph says.")
    private int hiddenSize;

    @Option(
            names = "--fp16-exclude",
            split = ",",
            paramLabel = "OPS",
            description = "With --fp16: operators that stay in float32, by their names.")
    private Set<String> float32Operators = Set.of();

    @Option(names = "--no-check", description = "Keep the file without comparing its answers with the original's.")
    private boolean noCheck;

    @Option(
            names = "--tolerance",
            paramLabel = "X",
            description = "Largest difference of answers, relative to the largest answer where that exceeds 1;"
                    + " default 1e-4, or 2e-2 with --fp16 or the approximation of Gelu.")
    private @Nullable Double tolerance;

    @Option(names = "--format", paramLabel = "F", description = "table or json; default: ${DEFAULT-VALUE}.")
    private TransformCommand.Format format = TransformCommand.Format.TABLE;

    @Override
    public Integer call() {
        OptimizerSettings settings = settings();
        ModelArgument.existing(model);
        if (Files.isDirectory(model)) {
            throw new HoneException(
                    Category.USAGE,
                    model + " is a directory: give an ONNX file, see hone transform MODEL --out F.onnx");
        }
        OutputPlace.check(model, output);
        if (noCheck) {
            print(write(settings, output), Optional.empty());
            return 0;
        }
        try (UncheckedFile unchecked = UncheckedFile.beside(output)) {
            OptimizerReport report = write(settings, unchecked.file());
            OnnxAgreement agreement = check(unchecked.file(), settings);
            unchecked.keep();
            print(report, Optional.of(agreement));
        }
        return 0;
    }

    private void print(OptimizerReport report, Optional<OnnxAgreement> agreement) {
        new OnnxOptimizeTable(spec.commandLine().getOut(), common.verbose()).print(report, agreement, format);
    }

    private OptimizerSettings settings() {
        List<String> types = List.of("bert", "distilbert", "roberta", "electra", "camembert", "xlm-roberta");
        if (!types.contains(modelType)) {
            throw new HoneException(
                    Category.USAGE,
                    "--model-type " + modelType + ": give one of " + String.join(", ", types)
                            + NearestName.question(modelType, types));
        }
        if (tolerance != null && !(tolerance >= 0 && Double.isFinite(tolerance))) {
            throw new HoneException(Category.USAGE, "--tolerance " + tolerance + ": give a number of at least 0");
        }
        return new OptimizerSettings(Level.parse(level), switches.chosen(), heads, hiddenSize, float32Operators);
    }

    private OptimizerReport write(OptimizerSettings settings, Path target) {
        if (onnxRuntimeOnly) {
            OnnxRuntimeOptimizer.save(model, target, settings.level().number());
            return OptimizerReport.ofFiles(model, target);
        }
        try (EditableModel editable = EditableModel.open(model)) {
            OptimizerReport report = new OnnxOptimizer(settings).run(editable);
            editable.save(target, OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
            return report;
        }
    }

    private OnnxAgreement check(Path file, OptimizerSettings settings) {
        boolean padded = !settings.switches().contains(Switch.NO_ATTENTION_MASK);
        OnnxAgreement agreement = OnnxAgreement.of(model, file, padded);
        double allowed =
                tolerance != null ? tolerance : settings.changesAnswers() ? TOLERANCE_OF_CHANGED_ANSWERS : TOLERANCE;
        if (!(agreement.largest() <= allowed)) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    model + ": the optimised model answers otherwise, by " + agreement.largest() + " at "
                            + agreement.where() + " (allowed " + allowed
                            + "); nothing was written, --no-check keeps it");
        }
        return agreement;
    }
}
