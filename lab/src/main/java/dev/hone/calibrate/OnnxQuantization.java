package dev.hone.calibrate;

import dev.hone.HoneException;
import dev.hone.checkpoint.ExternalData;
import dev.hone.checkpoint.OnnxOutput;
import dev.hone.measure.Progress;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.quantize.OnnxQuantizer;
import dev.hone.onnx.quantize.QuantizationAccount;
import dev.hone.onnx.quantize.QuantizationSettings;
import dev.hone.session.TokenBatch;
import dev.hone.tensor.RowRange;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From an ONNX file to a quantised one. */
public final class OnnxQuantization {
    /**
     * From where to where.
     *
     * @param externalData whether constants go to a second file even when one file could hold them
     * @param fused whether the original's operators become ONNX Runtime's before they are quantised
     */
    public record Paths(Path original, Path target, boolean externalData, boolean fused) {
        /** For a graph that is quantised as it is. */
        public Paths(Path original, Path target, boolean externalData) {
            this(original, target, externalData, false);
        }

        private UnquantizedModel model() {
            return new UnquantizedModel(original, fused);
        }
    }

    /**
     * What was written.
     *
     * @param bytesBefore of the original and its external data
     * @param bytesAfter of what was written
     */
    public record Written(QuantizationAccount account, long bytesBefore, long bytesAfter) {}

    private OnnxQuantization() {}

    /**
     * Quantises a file; ranges are taken while the model runs.
     *
     * @throws HoneException of category {@code USAGE} for unknown operators and nodes, {@code UNSUPPORTED} for models
     *     that cannot be quantised, {@code CHECKPOINT} for damaged ones, {@code OUTPUT} when it cannot be written
     */
    public static Written dynamic(Paths files, QuantizationSettings settings) {
        try (EditableModel model = files.model().open();
                Arena arena = Arena.ofShared()) {
            QuantizationAccount account = OnnxQuantizer.dynamic(model, settings, arena);
            return save(model, account, files);
        }
    }

    /**
     * Quantises a file with ranges that are measured first.
     *
     * @param settings with a form
     * @param texts to measure the ranges on
     * @throws HoneException as of {@link #dynamic}; of category {@code INPUT} when a text cannot be run
     */
    public static Written fixed(
            Paths files,
            QuantizationSettings settings,
            Calibration calibration,
            List<TokenBatch> texts,
            Progress progress) {
        UnquantizedModel original = files.model();
        Map<String, RowRange> ranges;
        try (EditableModel model = original.open()) {
            Set<String> values = OnnxQuantizer.valuesToMeasure(model, settings);
            // Tables of embeddings alone have no value to measure.
            ranges = values.isEmpty() ? Map.of() : calibration.ranges(model, values, texts, progress);
        }
        try (EditableModel model = original.open();
                Arena arena = Arena.ofShared()) {
            QuantizationAccount account = OnnxQuantizer.fixed(model, settings, ranges, arena);
            return save(model, account, files);
        }
    }

    private static Written save(EditableModel model, QuantizationAccount account, Paths files) {
        model.save(files.target(), files.externalData() ? 0 : OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
        return new Written(account, ExternalData.bytesWith(files.original()), ExternalData.bytesWith(files.target()));
    }
}
