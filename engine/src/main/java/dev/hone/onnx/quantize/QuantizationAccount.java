package dev.hone.onnx.quantize;

import java.util.List;
import java.util.Map;

/**
 * What a quantiser did to a model.
 *
 * @param nodes each node of an operator that can be quantised, in the model's order
 * @param operatorsBefore numbers of nodes by operator
 * @param operatorsAfter numbers of nodes by operator
 */
public record QuantizationAccount(
        List<QuantizedNode> nodes, Map<String, Integer> operatorsBefore, Map<String, Integer> operatorsAfter) {
    public QuantizationAccount {
        nodes = List.copyOf(nodes);
        operatorsBefore = Map.copyOf(operatorsBefore);
        operatorsAfter = Map.copyOf(operatorsAfter);
    }

    /** How many nodes were quantised. */
    public long quantizedNodes() {
        return nodes.stream().filter(QuantizedNode::quantized).count();
    }
}
