package dev.hone.onnx.optimize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.Shape;
import dev.hone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Equal constants become one, and so do nodes that compute the same from the same operands. */
final class MergeDuplicates implements Step.Sweep {
    private static final Set<String> DRAWN = Set.of(
            "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial");

    private record ConstantKey(String type, Shape shape, double first) {}

    private record NodeKey(String operator, List<String> inputs, List<AttributeProto> attributes, int results) {}

    @Override
    public String name() {
        return "CommonSubexpressions";
    }

    @Override
    public int sweep(Look look, List<OptimizerReport.Refusal> refusals) {
        return mergeConstants(look.model()) + mergeNodes(look.model());
    }

    private static int mergeConstants(EditableModel model) {
        int merged = 0;
        Map<ConstantKey, List<String>> kept = new HashMap<>();
        for (String name : model.constantNames()) {
            Tensor tensor = model.constant(name).orElseThrow();
            List<String> alike = kept.computeIfAbsent(key(tensor), key -> new ArrayList<>());
            String same = alike.stream()
                    .filter(other ->
                            Tensor.sameContent(tensor, model.constant(other).orElseThrow()))
                    .findFirst()
                    .orElse("");
            if (same.isEmpty() || model.isOutput(name)) {
                alike.add(name);
            } else {
                model.replace(name, same);
                merged++;
            }
        }
        return merged;
    }

    private static ConstantKey key(Tensor tensor) {
        double first = tensor.elementCount() == 0 ? 0 : tensor.getDouble(new long[tensor.rank()]);
        return new ConstantKey(tensor.type().text(), tensor.shape(), first);
    }

    private static int mergeNodes(EditableModel model) {
        int merged = 0;
        Map<NodeKey, EditableNode> kept = new HashMap<>();
        for (EditableNode node : model.nodes()) {
            boolean output = node.outputs().stream().anyMatch(model::isOutput);
            if (DRAWN.contains(node.operator()) || output) {
                continue;
            }
            List<AttributeProto> attributes = node.attributes().stream()
                    .sorted(Comparator.comparing(AttributeProto::getName))
                    .toList();
            EditableNode same = kept.putIfAbsent(
                    new NodeKey(
                            node.qualifiedOperator(),
                            node.inputs(),
                            attributes,
                            node.outputs().size()),
                    node);
            if (same != null) {
                for (int index = 0; index < node.outputs().size(); index++) {
                    model.replace(node.outputs().get(index), same.outputs().get(index));
                }
                model.remove(node);
                merged++;
            }
        }
        return merged;
    }
}
