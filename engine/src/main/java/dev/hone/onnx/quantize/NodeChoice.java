package dev.hone.onnx.quantize;

import dev.hone.HoneException;
import dev.hone.NearestName;
import dev.hone.onnx.EditableModel;
import dev.hone.onnx.EditableNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which nodes are asked to be quantised.
 *
 * @param operators names of operators; all that can be quantised when empty
 * @param nodes names of nodes; all of the operators when empty
 * @param excluded names of nodes that stay as they are
 */
public record NodeChoice(Set<String> operators, Set<String> nodes, Set<String> excluded) {
    /** Every node of every operator that can be quantised. */
    public static final NodeChoice ALL = new NodeChoice(Set.of(), Set.of(), Set.of());

    public NodeChoice {
        operators = Set.copyOf(operators);
        nodes = Set.copyOf(nodes);
        excluded = Set.copyOf(excluded);
    }

    /**
     * Refuses names that mean nothing.
     *
     * @param known operators that can be quantised
     * @throws HoneException of category {@code USAGE}, with the nearest name, for an operator or a node that is unknown
     */
    void check(EditableModel model, Set<String> known) {
        operators.forEach(operator -> {
            if (!known.contains(operator)) {
                throw unknown("operator", operator, known, "can be quantised: " + String.join(", ", known));
            }
        });
        Set<String> names =
                new TreeSet<>(model.nodes().stream().map(EditableNode::name).toList());
        for (String node : union(nodes, excluded)) {
            if (!names.contains(node)) {
                throw unknown("node", node, names, model.file() + " has " + names.size() + " others");
            }
        }
    }

    private static HoneException unknown(String kind, String name, Set<String> known, String otherwise) {
        String question = NearestName.question(name, known);
        return new HoneException(
                HoneException.Category.USAGE,
                "unknown " + kind + " '" + name + "'" + (question.isEmpty() ? "; " + otherwise : question));
    }

    private static List<String> union(Set<String> first, Set<String> second) {
        Set<String> both = new TreeSet<>(first);
        both.addAll(second);
        return List.copyOf(both);
    }

    /** Whether all is left to the quantiser. */
    boolean isOpen() {
        return operators.isEmpty() && nodes.isEmpty();
    }

    boolean includesOperator(EditableNode node) {
        return operators.isEmpty() || operators.contains(node.operator());
    }

    boolean includesNode(EditableNode node) {
        return (nodes.isEmpty() || nodes.contains(node.name())) && !excluded.contains(node.name());
    }
}
