package dev.hone.calibrate;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.optimize.OnnxOptimizer;
import dev.hone.onnx.optimize.OptimizerSettings;
import dev.hone.onnx.optimize.Switch;
import dev.hone.onnx.quantize.SlowFusions;
import java.nio.file.Path;

/**
 * An ONNX file and the graph of it that is quantised.
 *
 * @param fused whether that graph is made of ONNX Runtime's operators, as far as products of bytes gain by them;
 *     otherwise it is the file's own
 */
record UnquantizedModel(Path file, boolean fused) {
    private static final OptimizerSettings FUSIONS =
            OptimizerSettings.of(Level.EXTENDED, Switch.DISABLE_SKIP_LAYER_NORM, Switch.DISABLE_BIAS_GELU);

    /** Opens the file; the graph is the same at each call. */
    EditableModel open() {
        EditableModel model = EditableModel.open(file);
        if (fused) {
            try {
                new OnnxOptimizer(FUSIONS).run(model);
                SlowFusions.undo(model);
            } catch (RuntimeException | Error failure) {
                model.close();
                throw failure;
            }
        }
        return model;
    }
}
