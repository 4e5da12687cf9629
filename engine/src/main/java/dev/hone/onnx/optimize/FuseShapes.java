package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computations with shapes that come to the same are done once, extents of inputs by asking the inputs: every layer of
 * an exported model asks its own hidden states for them.
 */
final class FuseShapes implements Step.Sweep {
    private record Key(DType type, boolean scalar, List<Amount> elements) {}

    @Override
    public String name() {
        return "ShapeFusion";
    }

    @Override
    public int sweep(Look look, List<OptimizerReport.Refusal> refusals) {
        EditableModel model = look.model();
        InputExtents extents = new InputExtents(look);
        Map<Key, String> first = new HashMap<>();
        int fused = 0;
        for (EditableNode node : model.nodes()) {
            Optional<Key> key = key(look.values().get(node.output()));
            if (key.isEmpty() || node.outputs().size() != 1 || model.isOutput(node.output())) {
                continue;
            }
            String earlier = first.computeIfAbsent(key.get(), wanted -> source(wanted, node, extents));
            if (!earlier.equals(node.output())) {
                model.replace(node.output(), earlier);
                fused++;
            }
        }
        return fused;
    }

    /** Where the amounts are best taken from: an input's shape, else the first node that computes them. */
    private static String source(Key wanted, EditableNode node, InputExtents extents) {
        return wanted.type() == DType.I64
                ? extents.value(wanted.elements(), wanted.scalar()).orElse(node.output())
                : node.output();
    }

    private static Optional<Key> key(Known known) {
        Optional<DType> type = known.type();
        Optional<List<Amount>> elements = known.elements();
        boolean list = known.shape().filter(shape -> shape.size() <= 1).isPresent();
        return type.isPresent() && elements.isPresent() && list
                ? Optional.of(new Key(type.get(), known.isScalar(), elements.get()))
                : Optional.empty();
    }
}
