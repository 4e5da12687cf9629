package dev.hone.onnx.quantize;

import dev.hone.HoneException;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import dev.hone.tensor.RowRange;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Quantises ONNX graphs under edit. */
public final class OnnxQuantizer {
    /** Since this version the standard has DynamicQuantizeLinear; MatMulInteger is a version older. */
    private static final long OLDEST_OPERATOR_SET = 11;
    /** Since this version DequantizeLinear knows scales for columns. */
    private static final long COLUMN_SCALES = 13;

    private OnnxQuantizer() {}

    /**
     * Quantises products whose values become bytes while the model runs.
     *
     * @param arena owns the bytes; it must outlive the saving of the model
     * @throws HoneException of category {@code USAGE} for unknown operators and nodes, {@code UNSUPPORTED} for a model
     *     that is quantised already or older than the operators
     */
    public static QuantizationAccount dynamic(EditableModel model, QuantizationSettings settings, Arena arena) {
        requireFloats(model);
        Weights weights = new Weights(model, arena);
        DynamicRules rules = new DynamicRules(model, weights, settings.weights(), settings.products());
        return apply(model, settings.choice(), rules.byOperator());
    }

    /**
     * The values whose ranges must be known to quantise with fixed ones. The model is not changed.
     *
     * @param settings with a form
     * @throws HoneException as of {@link #dynamic}
     */
    public static Set<String> valuesToMeasure(EditableModel model, QuantizationSettings settings) {
        requireFloats(model);
        try (Arena arena = Arena.ofConfined()) {
            Map<String, OperatorRule> rules = fixedRules(model, settings, Map.of(), arena);
            settings.choice().check(model, rules.keySet());
            Set<String> values = new TreeSet<>();
            for (EditableNode node : model.nodes()) {
                OperatorRule rule = rules.get(node.operator());
                if (rule != null && refusal(node, rule, settings.choice()).isEmpty()) {
                    values.addAll(rule.values(node));
                }
            }
            model.removeUnused();
            return values;
        }
    }

    /**
     * Quantises with fixed ranges.
     *
     * @param settings with a form
     * @param ranges of the values of {@link #valuesToMeasure}; nodes with values that have none stay as they are
     * @param arena owns the bytes; it must outlive the saving of the model
     * @throws HoneException as of {@link #dynamic}
     */
    public static QuantizationAccount fixed(
            EditableModel model, QuantizationSettings settings, Map<String, RowRange> ranges, Arena arena) {
        requireFloats(model);
        Map<String, OperatorRule> rules = new TreeMap<>();
        fixedRules(model, settings, ranges, arena)
                .forEach((operator, rule) -> rules.put(operator, new MeasuredRule(rule, ranges.keySet())));
        return apply(model, settings.choice(), rules);
    }

    private static Map<String, OperatorRule> fixedRules(
            EditableModel model, QuantizationSettings settings, Map<String, RowRange> ranges, Arena arena) {
        StaticForm form = settings.form().orElseThrow();
        if (settings.weights().perColumn() && model.operatorSet() < COLUMN_SCALES) {
            throw new HoneException(
                    HoneException.Category.UNSUPPORTED,
                    model.file() + ": operator set " + model.operatorSet()
                            + " has no scales for columns; export it for " + COLUMN_SCALES
                            + " or later, or use one scale for each weight");
        }
        FixedValues values = new FixedValues(model, form, ranges);
        Weights weights = new Weights(model, arena);
        return new StaticRules(model, weights, settings, values).byOperator();
    }

    /** Applies rules to the nodes that are chosen, and says what became of each. */
    private static QuantizationAccount apply(EditableModel model, NodeChoice choice, Map<String, OperatorRule> rules) {
        choice.check(model, rules.keySet());
        Map<String, Integer> before = model.operatorCounts();
        List<QuantizedNode> nodes = new ArrayList<>();
        for (EditableNode node : model.nodes()) {
            OperatorRule rule = rules.get(node.operator());
            if (rule != null) {
                nodes.add(apply(node, rule, choice));
            }
        }
        model.removeUnused();
        return new QuantizationAccount(nodes, before, model.operatorCounts());
    }

    private static QuantizedNode apply(EditableNode node, OperatorRule rule, NodeChoice choice) {
        String name = node.name();
        String operator = node.qualifiedOperator();
        return refusal(node, rule, choice)
                .map(reason -> new QuantizedNode(name, operator, false, reason))
                .orElseGet(() -> new QuantizedNode(name, operator, true, rule.apply(node)));
    }

    private static Optional<String> refusal(EditableNode node, OperatorRule rule, NodeChoice choice) {
        if (!choice.includesOperator(node)) {
            return Optional.of("its operator is not among those to quantise");
        }
        return choice.includesNode(node)
                ? rule.refusal(node)
                : Optional.of("it is excluded, or not among the nodes to quantise");
    }

    private static void requireFloats(EditableModel model) {
        if (model.operatorSet() < OLDEST_OPERATOR_SET) {
            throw new HoneException(
                    HoneException.Category.UNSUPPORTED,
                    model.file() + ": operator set " + model.operatorSet()
                            + " has no quantised products; export it for " + COLUMN_SCALES + " or later");
        }
        model.nodes().stream()
                .filter(node -> node.operator().contains("QuantizeLinear")
                        || node.operator().equals("MatMulInteger"))
                .findFirst()
                .ifPresent(node -> {
                    throw new HoneException(
                            HoneException.Category.UNSUPPORTED,
                            model.file() + ": it is quantised already, as " + node + " shows; give the original");
                });
    }
}
