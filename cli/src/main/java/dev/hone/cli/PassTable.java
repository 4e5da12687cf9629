package dev.hone.cli;

import dev.hone.graph.OperatorCounts;
import dev.hone.transform.PassAccount;
import dev.hone.transform.TransformReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What passes did, as lines for people and as objects for programs. */
final class PassTable {
    private PassTable() {}

    /** A line for each pass, and behind it where it fired and where it nearly did. */
    static List<String> lines(TransformReport report, boolean verbose) {
        List<String> lines = new ArrayList<>();
        for (TransformReport.Entry entry : report.entries()) {
            int refused = entry.refusals().size();
            lines.add(String.format(
                    Locale.ROOT,
                    "%-28s fired %4d   nodes %5d -> %5d  %6s   %8.1f ms%s",
                    entry.pass(),
                    entry.fired(),
                    entry.nodesBefore(),
                    entry.nodesAfter(),
                    signed(entry.nodesAfter() - entry.nodesBefore()),
                    entry.time().toNanos() / 1e6,
                    refused == 0 ? "" : "   refused " + refused));
            if (verbose) {
                entry.places().forEach(place -> lines.add("    at " + place));
                entry.refusals()
                        .forEach(refusal -> lines.add("    not at " + refusal.node() + ": " + refusal.reason()));
            } else {
                reasons(entry.refusals())
                        .forEach((reason, count) -> lines.add(
                                "    not at " + reason + (count > 1 ? " (and " + (count - 1) + " like it)" : "")));
            }
        }
        return lines;
    }

    /** The first node for each kind of reason, and how often that kind was given: names of values do not count. */
    private static Map<String, Integer> reasons(List<PassAccount.Refusal> refusals) {
        Map<String, String> first = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (PassAccount.Refusal refusal : refusals) {
            String kind = refusal.reason().replaceAll("\\S*[0-9/.%_]\\S*", "·");
            String place = first.computeIfAbsent(kind, _ -> refusal.node() + ": " + refusal.reason());
            counts.merge(place, 1, Integer::sum);
        }
        return counts;
    }

    private static String signed(int change) {
        return change > 0 ? "+" + change : Integer.toString(change);
    }

    static List<Map<String, Object>> objects(TransformReport report) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (TransformReport.Entry entry : report.entries()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("pass", entry.pass());
            json.put("fired", entry.fired());
            json.put("nodes_before", entry.nodesBefore());
            json.put("nodes_after", entry.nodesAfter());
            json.put("ms", entry.time().toNanos() / 1e6);
            json.put("places", entry.places());
            json.put("refusals", entry.refusals());
            objects.add(json);
        }
        return objects;
    }

    static List<String> lines(OperatorCounts counts) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-28s %8s %8s %8s", "operator", "before", "after", "change"));
        for (OperatorCounts.Row row : counts.rows()) {
            lines.add(String.format(
                    Locale.ROOT, "%-28s %8d %8d %8s", row.operator(), row.before(), row.after(), row.signed()));
        }
        return lines;
    }

    static Map<String, Object> object(OperatorCounts counts) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("operators_before", counts.before());
        json.put("operators_after", counts.after());
        json.put("changes", counts.rows());
        return json;
    }
}
