package dev.hone.onnx.quantize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code com.microsoft.EmbedLayerNormalization} as {@code QEmbedLayerNormalization}: its tables, its scale and its bias
 * become bytes; ids and answers stay as they are.
 */
final class EmbeddingRule implements OperatorRule {
    /** Operands that become bytes: tables of words, positions and segments, the scale and the bias. */
    private static final int FIRST = 2;

    private static final int LAST = 6;
    private static final int MASK = 7;
    private static final int POSITIONS = 8;

    /** The only one that the operator knows: bytes without a sign, a scale for each operand. */
    private static final WeightScheme SCHEME = new WeightScheme(ByteType.U8, false, false, false);

    private final EditableModel model;
    private final Weights weights;

    EmbeddingRule(EditableModel model, Weights weights) {
        this.model = model;
        this.weights = weights;
    }

    @Override
    public Optional<String> refusal(EditableNode node) {
        if (!node.domain().equals(EditableNode.MICROSOFT)) {
            return Optional.of("it is not ONNX Runtime's EmbedLayerNormalization");
        }
        if (!node.input(POSITIONS).isEmpty() || node.outputs().size() > 2) {
            return Optional.of(
                    "it reads computed positions or gives the sum, which the operator of bytes does not know");
        }
        for (int operand = FIRST; operand <= LAST; operand++) {
            String value = node.input(operand);
            if (!value.isEmpty() && weights.floats(value).isEmpty()) {
                return Optional.of(value + " is no constant of f32");
            }
            Optional<String> refusal = value.isEmpty() ? Optional.empty() : weights.finiteRefusal(value, false, SCHEME);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    @Override
    public List<String> values(EditableNode node) {
        return List.of();
    }

    @Override
    public String apply(EditableNode node) {
        List<QuantizedNames> constants = new ArrayList<>();
        for (int operand = FIRST; operand <= LAST; operand++) {
            String value = node.input(operand);
            constants.add(value.isEmpty() ? new QuantizedNames("", "", "") : weights.quantized(value, false, SCHEME));
        }
        List<String> operands = new ArrayList<>(List.of(node.input(0), node.input(1)));
        constants.stream().map(QuantizedNames::bytes).forEach(operands::add);
        operands.add(node.input(MASK));
        constants.stream().map(QuantizedNames::scale).forEach(operands::add);
        constants.stream().map(QuantizedNames::zero).forEach(operands::add);
        model.remove(node);
        EditableNode quantized = model.add(
                node.name() + "_quant", EditableNode.MICROSOFT + ".QEmbedLayerNormalization", operands, node.outputs());
        node.attributes().forEach(quantized::set);
        return "QEmbedLayerNormalization";
    }
}
