package dev.hone.onnx.optimize;

import dev.hone.HoneException;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.optimize.OptimizerReport.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rewrites a model of an ONNX file with the operators of ONNX Runtime. */
public final class OnnxOptimizer {
    private final OptimizerSettings settings;

    public OnnxOptimizer(OptimizerSettings settings) {
        this.settings = settings;
    }

    /**
     * Changes the model.
     *
     * @throws HoneException of category CHECKPOINT when a constant is damaged
     */
    public OptimizerReport run(EditableModel model) {
        Map<String, Integer> before = model.operatorCounts();
        List<OptimizerReport.Step> done = new ArrayList<>();
        model.sort();
        for (Step step : steps()) {
            done.add(step.run(model));
        }
        return new OptimizerReport(merged(done), before, model.operatorCounts(), notes(model));
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        if (settings.level() != Level.DISABLED) {
            steps.addAll(general());
        }
        addIf(steps, Switch.DISABLE_LAYER_NORM, new FuseLayerNormalization());
        addIf(steps, Switch.DISABLE_GELU, FuseGelu.exact());
        addIf(steps, Switch.DISABLE_GELU, FuseGelu.approximate());
        addIf(steps, Switch.DISABLE_ATTENTION, new FuseAttention(settings));
        addIf(steps, Switch.DISABLE_EMBED_LAYER_NORM, new FuseEmbedLayerNormalization());
        addIf(steps, Switch.DISABLE_SKIP_LAYER_NORM, new FuseSkipLayerNormalization());
        addIf(steps, Switch.DISABLE_BIAS_SKIP_LAYER_NORM, new FuseSkipBias());
        addIf(steps, Switch.DISABLE_BIAS_GELU, new FuseBiasGelu());
        if (settings.approximatesGelu()) {
            steps.add(Step.of(new ApproximateGelu()));
        }
        if (settings.level() != Level.DISABLED) {
            steps.addAll(general());
            steps.add(Step.of(new FuseGemm()));
        }
        if (settings.narrows()) {
            steps.add(Step.of(new ConvertToFloat16(settings.float32Operators())));
        }
        return steps;
    }

    private void addIf(List<Step> steps, Switch disabling, Fusion fusion) {
        if (settings.fuses(disabling)) {
            steps.add(Step.of(fusion));
        }
    }

    private static List<Step> general() {
        return List.of(
                Step.of(new FoldConstants()),
                Step.of(new RemoveRedundant()),
                Step.of(new MergeDuplicates()),
                Step.of(new FuseShapes()),
                Step.of(new FuseReshape()),
                Step.of(new MergeDuplicates()),
                Step.of(new RemoveRedundant()));
    }

    /** Steps of one name as one; what was refused counts as it was at the last time. */
    private static List<OptimizerReport.Step> merged(List<OptimizerReport.Step> done) {
        List<OptimizerReport.Step> merged = new ArrayList<>();
        for (OptimizerReport.Step step : done) {
            int at = merged.stream().map(OptimizerReport.Step::name).toList().indexOf(step.name());
            if (at < 0) {
                merged.add(step);
            } else {
                OptimizerReport.Step old = merged.get(at);
                List<Refusal> refusals = step.refusals();
                merged.set(
                        at,
                        new OptimizerReport.Step(
                                step.name(),
                                old.fired() + step.fired(),
                                old.nodesRemoved() + step.nodesRemoved(),
                                refusals));
            }
        }
        return merged;
    }

    private List<String> notes(EditableModel model) {
        List<String> notes = new ArrayList<>();
        if (model.operatorSet() < 17 && model.operatorCounts().containsKey("LayerNormalization")) {
            notes.add("LayerNormalization stands in operator set " + model.operatorSet()
                    + ", to which ONNX Runtime adds it; other engines know it from 17 on");
        }
        return notes;
    }
}
