package dev.hone.sweep;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.calibrate.Calibration;
import dev.hone.calibrate.OnnxQuantization;
import dev.hone.calibrate.OnnxQuantization.Paths;
import dev.hone.calibrate.OnnxQuantization.Written;
import dev.hone.checkpoint.ExternalData;
import dev.hone.checkpoint.OnnxOutput;
import dev.hone.engines.EngineOptions;
import dev.hone.engines.Engines;
import dev.hone.engines.ModelFiles;
import dev.hone.engines.OnnxAgreement;
import dev.hone.engines.OnnxRuntimeOptimizer;
import dev.hone.engines.ScratchFolder;
import dev.hone.evaluate.Footprint;
import dev.hone.evaluate.Predictor;
import dev.hone.evaluate.TaskPredictor;
import dev.hone.measure.Progress;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.optimize.OnnxOptimizer;
import dev.hone.onnx.optimize.OptimizerSettings;
import dev.hone.onnx.optimize.Switch;
import dev.hone.onnx.quantize.QuantizationSettings;
import dev.hone.onnx.quantize.QuantizedNode;
import dev.hone.optimize.ModelChecksum;
import dev.hone.quantize.RangeMethod;
import dev.hone.quantize.Scheme;
import dev.hone.session.TokenBatch;
import dev.hone.sweep.Parameter.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of settings, in a folder that goes with all that is in it. An optimised file stays for the settings that
 * quantise it; a quantised one goes when it was measured.
 */
public final class SettingFiles implements SettingModels {
    private static final double TOLERANCE = 1e-4;
    private static final double TOLERANCE_OF_CHANGED_ANSWERS = 2e-2;
    private static final int USUAL_MEGABYTES = 512;
    private static final long BYTES_OF_MEGABYTE = 1_000_000;
    private static final int USUAL_CALIBRATION_ROWS = 100;
    private static final String USUAL_PERCENTILE = "99.999";

    private final SweepSubject subject;
    private final ScratchFolder folder;
    private final Path scratch;
    private final Map<Setting, Path> files = new HashMap<>();
    private Optional<Path> original = Optional.empty();
    private int written;
    private volatile boolean closed;

    /** @param folder an empty one, which goes when this is closed */
    public SettingFiles(SweepSubject subject, ScratchFolder folder) {
        this.subject = subject;
        this.folder = folder;
        this.scratch = folder.path();
    }

    @Override
    public Built build(Setting setting) {
        if (setting.engine().equals("hone")) {
            return new Built("", Footprint.modelBytes(subject.model()), Map.of(), null);
        }
        try {
            Map<String, Integer> quantized = new TreeMap<>();
            Path file = file(setting, quantized);
            return new Built(ModelChecksum.of(file), ExternalData.bytesWith(file), quantized, null);
        } catch (HoneException refused) {
            if (refused.category() == Category.OUTPUT || refused.category() == Category.CLOSED) {
                throw refused;
            }
            return Built.refused(told(refused));
        }
    }

    private Path file(Setting setting, Map<String, Integer> quantized) {
        if (closed) {
            throw new HoneException(Category.CLOSED, "the sweep was ended");
        }
        if (setting.changesNothing()) {
            return original();
        }
        Path known = files.get(setting);
        if (known != null) {
            return known;
        }
        Path optimized = optimized(setting.without(Part.QUANTIZE));
        Optional<QuantizationSettings> wanted = setting.quantization();
        if (wanted.isEmpty()) {
            return optimized;
        }
        Path file = scratch.resolve("quantized-" + written++ + ".onnx");
        Written result = quantize(new Paths(optimized, file, false), wanted.get(), setting);
        for (QuantizedNode node : result.account().nodes()) {
            quantized.merge(plain(node.operator()), node.quantized() ? 1 : 0, Integer::sum);
        }
        if (result.account().quantizedNodes() == 0) {
            throw new HoneException(Category.UNSUPPORTED, "no node is quantised with it");
        }
        files.put(setting, file);
        return file;
    }

    /** The message on one line, and without a folder that is gone when it is read. */
    private String told(HoneException refused) {
        return String.valueOf(refused.getMessage())
                .replace(scratch + scratch.getFileSystem().getSeparator(), "")
                .replaceAll("\\s+", " ");
    }

    private static String plain(String operator) {
        return operator.substring(operator.lastIndexOf('.') + 1);
    }

    private Written quantize(Paths paths, QuantizationSettings wanted, Setting setting) {
        if (wanted.form().isEmpty()) {
            return OnnxQuantization.dynamic(paths, wanted);
        }
        Calibration calibration = new Calibration(
                RangeMethod.parse(setting.value(Parameter.CALIBRATION, "minmax")),
                Double.parseDouble(setting.value(Parameter.CALIBRATION_PERCENTILE, USUAL_PERCENTILE)),
                setting.number(Parameter.CALIBRATION_SHARDS, 1),
                setting.number(Parameter.MEMORY_BUDGET, USUAL_MEGABYTES) * BYTES_OF_MEGABYTE,
                subject.threads());
        List<TokenBatch> texts =
                RowTokens.of(subject, setting.number(Parameter.CALIBRATION_SAMPLES, USUAL_CALIBRATION_ROWS));
        return OnnxQuantization.fixed(paths, wanted, calibration, texts, Progress.SILENT);
    }

    private Path optimized(Setting setting) {
        Path known = files.get(setting);
        if (known != null) {
            return known;
        }
        if (setting.changesNothing()) {
            return original();
        }
        Path file = scratch.resolve("optimized-" + written++ + ".onnx");
        if (setting.onnxRuntimeOnly()) {
            OnnxRuntimeOptimizer.save(original(), file, setting.level().number());
            check(file, TOLERANCE, true);
        } else {
            OptimizerSettings wanted = setting.optimization().orElseThrow();
            optimize(wanted, file);
            double tolerance = wanted.changesAnswers() ? TOLERANCE_OF_CHANGED_ANSWERS : TOLERANCE;
            check(file, tolerance, !wanted.switches().contains(Switch.NO_ATTENTION_MASK));
        }
        files.put(setting, file);
        return file;
    }

    private void optimize(OptimizerSettings wanted, Path file) {
        try (EditableModel editable = EditableModel.open(original())) {
            new OnnxOptimizer(wanted).run(editable);
            editable.save(file, OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
        }
    }

    /** An optimised file must answer as the original does. */
    private void check(Path file, double tolerance, boolean padded) {
        OnnxAgreement agreement = OnnxAgreement.of(original(), file, padded);
        if (!(agreement.largest() <= tolerance)) {
            throw new HoneException(
                    Category.UNSUPPORTED,
                    "it answers otherwise than the original, by " + agreement.largest() + " at " + agreement.where()
                            + " (allowed " + tolerance + ")");
        }
    }

    /** The model's own ONNX file, or one that is written for it with the same graph. */
    private Path original() {
        if (original.isEmpty()) {
            original = Optional.of(ModelFiles.onnxFile(subject.model(), scratch));
        }
        return original.get();
    }

    @Override
    public Predictor open(Setting setting) {
        boolean hone = setting.engine().equals("hone");
        Path path = hone ? subject.model() : file(setting, new TreeMap<>());
        EngineOptions options = new EngineOptions(subject.threads(), Scheme.parse(setting.precision()));
        if (options.scheme().needsCalibration()) {
            throw new HoneException(
                    Category.UNSUPPORTED, "precision " + options.scheme() + " needs calibration; see hone optimize");
        }
        return TaskPredictor.open(
                () -> Engines.named(setting.engine()).open(path, options),
                subject.folder(),
                subject.configuration(),
                subject.task());
    }

    @Override
    public void release(Setting setting) {
        Path file = files.get(setting);
        if (file == null || setting.quantization().isEmpty()) {
            return;
        }
        files.remove(setting);
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(ExternalData.of(file));
        } catch (IOException failure) {
            throw new HoneException(Category.OUTPUT, file + ": cannot be removed: " + failure.getMessage(), failure);
        }
    }

    /** Also from the thread that ends the process, while another one may still write a file. */
    @Override
    public void close() {
        closed = true;
        folder.close();
    }
}
