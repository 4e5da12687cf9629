package dev.hone.calibrate;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.checkpoint.OnnxOutput;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.quantize.OnnxQuantizer;
import dev.hone.onnx.quantize.QuantizationAccount;
import dev.hone.onnx.quantize.QuantizationSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** From an ONNX file to a quantised one. */
public final class OnnxQuantization {
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
     * @param externalData whether constants go to a second file even when one file could hold them
     * @throws HoneException of category {@code USAGE} for unknown operators and nodes, {@code UNSUPPORTED} for models
     *     that cannot be quantised, {@code CHECKPOINT} for damaged ones, {@code OUTPUT} when it cannot be written
     */
    public static Written dynamic(Path original, Path target, QuantizationSettings settings, boolean externalData) {
        try (EditableModel model = EditableModel.open(original);
                Arena arena = Arena.ofShared()) {
            QuantizationAccount account = OnnxQuantizer.dynamic(model, settings, arena);
            model.save(target, externalData ? 0 : OnnxOutput.LARGEST_SINGLE_FILE_BYTES);
            return new Written(account, bytes(original), bytes(target));
        }
    }

    /** The size of a file and of its external data where they lie under the usual names. */
    private static long bytes(Path file) {
        long bytes = 0;
        for (String ending : new String[] {"", ".data", "_data"}) {
            Path part = file.resolveSibling(file.getFileName() + ending);
            try {
                bytes += Files.exists(part) ? Files.size(part) : 0;
            } catch (IOException failure) {
                throw new HoneException(
                        Category.CHECKPOINT, part + ": its size cannot be read: " + failure.getMessage(), failure);
            }
        }
        return bytes;
    }
}
