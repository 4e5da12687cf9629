package dev.hone.onnx.optimize;

import dev.hone.onnx.EditableModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an optimisation did.
 *
 * @param steps in the order in which they ran
 * @param before how many nodes of each operator the model had
 * @param after how many it has
 * @param notes sentences for the user about the whole
 */
public record OptimizerReport(
        List<Step> steps, Map<String, Integer> before, Map<String, Integer> after, List<String> notes) {
    public OptimizerReport {
        steps = List.copyOf(steps);
        before = Map.copyOf(before);
        after = Map.copyOf(after);
        notes = List.copyOf(notes);
    }

    /**
     * One kind of change.
     *
     * @param fired how often it was made
     * @param nodesRemoved how many nodes fewer the model has after it; negative where it has more
     * @param refusals where it began to hold, and why it did not
     */
    public record Step(String name, int fired, int nodesRemoved, List<Refusal> refusals) {
        public Step {
            refusals = List.copyOf(refusals);
        }
    }

    /** A node at which a pattern began, and why it does not hold there. */
    public record Refusal(String node, String reason) {}

    /** The difference of two files, one of which somebody else made of the other. */
    public static OptimizerReport ofFiles(Path original, Path changed) {
        try (EditableModel first = EditableModel.open(original);
                EditableModel second = EditableModel.open(changed)) {
            return new OptimizerReport(List.of(), first.operatorCounts(), second.operatorCounts(), List.of());
        }
    }

    public int nodesBefore() {
        return before.values().stream().mapToInt(Integer::intValue).sum();
    }

    public int nodesAfter() {
        return after.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How often the step of a name fired. */
    public int fired(String step) {
        return steps.stream()
                .filter(each -> each.name().equals(step))
                .mapToInt(Step::fired)
                .sum();
    }

    /** After less before for each operator whose number changed, by its name. */
    public Map<String, Integer> differences() {
        Map<String, Integer> differences = new TreeMap<>();
        TreeSet<String> operators = new TreeSet<>(before.keySet());
        operators.addAll(after.keySet());
        for (String operator : operators) {
            int difference = after.getOrDefault(operator, 0) - before.getOrDefault(operator, 0);
            if (difference != 0) {
                differences.put(operator, difference);
            }
        }
        return differences;
    }
}
