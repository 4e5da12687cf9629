package dev.hone.onnx.quantize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.util.List;
import java.util.Optional;

/** {@code com.microsoft.Attention} as {@code QAttention}: only the product for queries, keys and values is of bytes. */
final class AttentionRule implements OperatorRule {
    private final EditableModel model;
    private final Weights weights;
    private final WeightScheme scheme;
    private final ValueBytes values;

    AttentionRule(EditableModel model, Weights weights, WeightScheme scheme, ValueBytes values) {
        this.model = model;
        this.weights = weights;
        this.scheme = scheme;
        this.values = values;
    }

    @Override
    public Optional<String> refusal(EditableNode node) {
        if (!node.domain().equals(EditableNode.MICROSOFT)) {
            return Optional.of("it is not ONNX Runtime's Attention");
        }
        if (node.attribute("qkv_hidden_sizes").isPresent()) {
            return Optional.of("its queries, keys and values differ in width, which QAttention does not know");
        }
        if (node.attribute("scale").isPresent()) {
            return Optional.of("its scores have a scale of their own, which QAttention does not know");
        }
        if (!node.input(4).isEmpty() || !node.input(5).isEmpty()) {
            return Optional.of("it has a past or a bias of its scores, which are not quantised here");
        }
        return weights.matrixRefusal(node.input(1), false, scheme);
    }

    @Override
    public List<String> values(EditableNode node) {
        return List.of(node.input(0));
    }

    @Override
    public String apply(EditableNode node) {
        QuantizedNames value = values.of(node.input(0));
        QuantizedNames weight = weights.quantized(node.input(1), false, scheme);
        model.remove(node);
        List<String> operands = List.of(
                value.bytes(),
                weight.bytes(),
                node.input(2),
                value.scale(),
                weight.scale(),
                node.input(3),
                value.zero(),
                weight.zero());
        EditableNode quantized =
                model.add(node.name() + "_quant", EditableNode.MICROSOFT + ".QAttention", operands, node.outputs());
        node.attributes().forEach(quantized::set);
        return "QAttention";
    }
}
