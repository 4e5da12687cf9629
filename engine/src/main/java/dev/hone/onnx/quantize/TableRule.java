package dev.hone.onnx.quantize;

import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.util.List;
import java.util.Optional;

/** Tables of embeddings as bytes without a sign: rows are fetched as bytes and become floats behind it. */
final class TableRule implements OperatorRule {
    /** One scale for the table: rows of all ids mix in one value. */
    private static final WeightScheme SCHEME = new WeightScheme(ByteType.U8, false, false, false);

    private final EditableModel model;
    private final Weights weights;

    TableRule(EditableModel model, Weights weights) {
        this.model = model;
        this.weights = weights;
    }

    @Override
    public Optional<String> refusal(EditableNode node) {
        if (weights.floats(node.input(0)).isEmpty()) {
            return Optional.of("it fetches from no table of f32");
        }
        return weights.finiteRefusal(node.input(0), false, SCHEME);
    }

    @Override
    public List<String> values(EditableNode node) {
        return List.of();
    }

    @Override
    public String apply(EditableNode node) {
        QuantizedNames table = weights.quantized(node.input(0), false, SCHEME);
        String floats = node.output();
        String bytes = model.freeName(floats + "_quantized");
        model.changeInput(node, 0, table.bytes());
        model.changeOutput(node, 0, bytes);
        List<String> operands = List.of(bytes, table.scale(), table.zero());
        model.add(floats + "_DequantizeLinear", "DequantizeLinear", operands, List.of(floats));
        return "Gather of u8 and DequantizeLinear";
    }
}
