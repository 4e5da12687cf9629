package dev.hone.onnx.quantize;

import dev.hone.onnx.EditableNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rule for nodes all of whose values have a range.
 *
 * @param rule what is done to them
 * @param measured values with ranges
 */
record MeasuredRule(OperatorRule rule, Set<String> measured) implements OperatorRule {
    @Override
    public Optional<String> refusal(EditableNode node) {
        return rule.refusal(node)
                .or(() -> rule.values(node).stream()
                        .filter(value -> !measured.contains(value))
                        .findFirst()
                        .map(value -> "the value " + value + " has no measured range of f32"));
    }

    @Override
    public List<String> values(EditableNode node) {
        return rule.values(node);
    }

    @Override
    public String apply(EditableNode node) {
        return rule.apply(node);
    }
}
