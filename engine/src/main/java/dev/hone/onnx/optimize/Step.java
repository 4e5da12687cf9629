package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.util.ArrayList;
import java.util.List;

/** One kind of change, made wherever it can be. */
sealed interface Step permits Step.OfFusion, Step.OfSweep {
    /** Changes the model and says what was done. */
    OptimizerReport.Step run(EditableModel model);

    static Step of(Fusion fusion) {
        return new OfFusion(fusion);
    }

    static Step of(Sweep sweep) {
        return new OfSweep(sweep);
    }

    /** A change that is no pattern around a node: it looks at the model as a whole. */
    interface Sweep {
        String name();

        /** Changes the model; gives how often, and adds to the refusals. */
        int sweep(Look look, List<OptimizerReport.Refusal> refusals);
    }

    /** A fusion at each node at which it may begin. */
    record OfFusion(Fusion fusion) implements Step {
        @Override
        public OptimizerReport.Step run(EditableModel model) {
            int before = model.nodes().size();
            Look look = new Look(model, Values.of(model));
            List<OptimizerReport.Refusal> refusals = new ArrayList<>();
            int fired = 0;
            for (EditableNode node : model.nodes()) {
                if (model.producer(node.output()).orElse(null) != node || !fusion.beginsAt(node, look)) {
                    continue;
                }
                try {
                    fusion.fuse(node, look);
                    fired++;
                } catch (Mismatch mismatch) {
                    refusals.add(new OptimizerReport.Refusal(node.toString(), mismatch.reason()));
                }
            }
            tidy(model);
            return new OptimizerReport.Step(
                    fusion.name(), fired, before - model.nodes().size(), refusals);
        }
    }

    /** A change of the whole. */
    record OfSweep(Sweep sweep) implements Step {
        @Override
        public OptimizerReport.Step run(EditableModel model) {
            int before = model.nodes().size();
            List<OptimizerReport.Refusal> refusals = new ArrayList<>();
            int fired = sweep.sweep(new Look(model, Values.of(model)), refusals);
            tidy(model);
            return new OptimizerReport.Step(
                    sweep.name(), fired, before - model.nodes().size(), refusals);
        }
    }

    private static void tidy(EditableModel model) {
        model.sort();
        model.removeUnused();
    }
}
