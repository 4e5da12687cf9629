package dev.hone.calibrate;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.onnx.optimize.Level;
import dev.hone.onnx.optimize.OnnxOptimizer;
import dev.hone.onnx.optimize.OptimizerSettings;
import dev.hone.onnx.optimize.Switch;
import dev.hone.onnx.quantize.SlowFusions;
import java.nio.file.Path;

/** An ONNX file and the graph of it that is quantised. */
final class UnquantizedModel {
    private static final OptimizerSettings FUSIONS =
            OptimizerSettings.of(Level.EXTENDED, Switch.DISABLE_SKIP_LAYER_NORM, Switch.DISABLE_BIAS_GELU);
    private static final OptimizerSettings WITHOUT_ATTENTION = OptimizerSettings.of(
            Level.EXTENDED, Switch.DISABLE_ATTENTION, Switch.DISABLE_SKIP_LAYER_NORM, Switch.DISABLE_BIAS_GELU);

    /** ONNX Runtime multiplies for each head apart: by fewer columns that is slower in a batch than one product. */
    private static final long LEAST_HEAD_WIDTH = 64;

    private static final String ATTENTION = EditableNode.MICROSOFT + ".Attention";

    private final Path file;
    private final boolean fused;
    private OptimizerSettings fusions = FUSIONS;

    /**
     * @param fused whether the graph is made of ONNX Runtime's operators, as far as products of bytes gain by them;
     *     otherwise it is the file's own
     */
    UnquantizedModel(Path file, boolean fused) {
        this.file = file;
        this.fused = fused;
    }

    /** Opens the file; the graph is the same at each call. Attention that the file has fused stays. */
    EditableModel open() {
        if (!fused) {
            return EditableModel.open(file);
        }
        EditableModel model = rewritten(fusions);
        if (fusions.equals(WITHOUT_ATTENTION) || !hasNarrowHeads(model)) {
            return model;
        }
        model.close();
        fusions = WITHOUT_ATTENTION;
        return rewritten(fusions);
    }

    private EditableModel rewritten(OptimizerSettings settings) {
        EditableModel model = EditableModel.open(file);
        try {
            new OnnxOptimizer(settings).run(model);
            SlowFusions.undo(model);
            return model;
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
    }

    private static boolean hasNarrowHeads(EditableModel model) {
        return model.nodes().stream()
                .filter(node -> node.qualifiedOperator().equals(ATTENTION))
                .anyMatch(node -> headWidth(model, node) < LEAST_HEAD_WIDTH);
    }

    private static long headWidth(EditableModel model, EditableNode attention) {
        long columns = model.constant(attention.input(2))
                .map(bias -> bias.elementCount() / 3)
                .orElse(0L);
        return columns / Math.max(1, attention.integer("num_heads").orElse(1));
    }
}
