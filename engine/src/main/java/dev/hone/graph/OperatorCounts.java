package dev.hone.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** How many nodes of each operator two graphs have. */
public record OperatorCounts(Map<String, Integer> before, Map<String, Integer> after) {
    /**
     * One operator.
     *
     * @param change {@code after - before}
     */
    public record Row(String operator, int before, int after, int change) {
        /** The change with its sign: {@code +3}, {@code -12}, {@code 0}. */
        public String signed() {
            return signed(change);
        }

        static String signed(int change) {
            return change > 0 ? "+" + change : Integer.toString(change);
        }
    }

    /** Counts by the operators' names, elementwise ones and reductions by their function. */
    public static OperatorCounts of(Graph before, Graph after) {
        return new OperatorCounts(count(before), count(after));
    }

    private static Map<String, Integer> count(Graph graph) {
        Map<String, Integer> counts = new TreeMap<>();
        graph.nodes().forEach(node -> counts.merge(OpText.name(node.op()), 1, Integer::sum));
        return counts;
    }

    /** All operators of both in alphabetical order, and at last all nodes together. */
    public List<Row> rows() {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(row(name, before.getOrDefault(name, 0), after.getOrDefault(name, 0)));
        }
        rows.add(row("all nodes", sum(before), sum(after)));
        return rows;
    }

    private static Row row(String name, int before, int after) {
        return new Row(name, before, after, after - before);
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
