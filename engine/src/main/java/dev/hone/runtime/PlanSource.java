package dev.hone.runtime;

import dev.hone.graph.PositionScheme;
import dev.hone.kernel.Kernel;
import dev.hone.kernel.LinearProblem;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A graph lowered to steps, before there is code: what {@link Plan} is made of once the kernels are compiled.
 *
 * @param nodes for each step the name of the graph's node that it computes, or whose rows it converts
 * @param limits what inputs the model takes
 */
public record PlanSource(
        List<StepSpec> steps, List<String> nodes, BufferPlan buffers, List<PlanOutput> outputs, Limits limits) {
    /**
     * What a model takes.
     *
     * @param vocabulary rows of the word table
     * @param tokenTypes rows of the type table; 1 where the model has none
     * @param maximumLength the longest sequence that the position table serves
     */
    public record Limits(int vocabulary, int tokenTypes, int maximumLength, PositionScheme positions) {}

    /** The distinct kernels that the steps need. */
    public List<Kernel> kernels() {
        LinkedHashSet<Kernel> distinct = new LinkedHashSet<>();
        steps.forEach(step -> distinct.addAll(step.kernels()));
        return List.copyOf(distinct);
    }

    /** The problems of linear layers that have a row for each token, and how many layers have each. */
    public Map<LinearProblem, Integer> linearProblems() {
        Map<LinearProblem, Integer> counts = new LinkedHashMap<>();
        for (StepSpec step : steps) {
            if (step instanceof LinearStep.Spec linear && linear.perRow()) {
                counts.merge(linear.problem(), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Whether workers who share a piece meet behind a step; not behind the last one, where they have ended. */
    boolean hasBarrierBehind(int step, boolean byRows) {
        return step + 1 < steps.size() && (!byRows || BufferPlan.needsBarrier(steps.get(step), steps.get(step + 1)));
    }

    long scratchBytes(int longestSequence) {
        return steps.stream()
                .mapToLong(step -> step.scratchBytes(longestSequence))
                .max()
                .orElse(0);
    }
}
