package dev.hone.runtime;

/**
 * A step of a plan as profiles name it.
 *
 * @param node the node of the graph that it computes, or whose rows it converts
 * @param problem its problem line
 */
public record PlanStep(String node, String problem) {
    /** The first word of the problem line, for example {@code linear}. */
    public String kind() {
        int end = problem.indexOf(' ');
        return end < 0 ? problem : problem.substring(0, end);
    }
}
