package dev.hone.calibrate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Values in groups that fit a memory budget. */
final class Shards {
    private Shards() {}

    /**
     * Groups in the order of the names; a value above the budget is alone in its group.
     *
     * @param bytes of each value
     * @param least groups, as far as there are as many values
     */
    static List<Set<String>> of(Map<String, Long> bytes, int least, long budget) {
        int most = Math.max(1, Math.ceilDiv(bytes.size(), Math.max(1, least)));
        List<Set<String>> shards = new ArrayList<>();
        Set<String> open = new LinkedHashSet<>();
        long used = 0;
        for (Map.Entry<String, Long> value : new TreeMap<>(bytes).entrySet()) {
            boolean full = open.size() == most || used + value.getValue() > budget;
            if (full && !open.isEmpty()) {
                shards.add(open);
                open = new LinkedHashSet<>();
                used = 0;
            }
            open.add(value.getKey());
            used += value.getValue();
        }
        if (!open.isEmpty()) {
            shards.add(open);
        }
        return shards;
    }
}
