package dev.hone.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.transform.PassAccount.Refusal;
import dev.hone.transform.TransformReport;
import java.util.List;

/**
 * What one pass did to the graph.
 *
 * @param refusals where it nearly fired, and why it did not
 */
public record PassOutcome(
        String pipeline,
        String pass,
        int fired,
        int nodesBefore,
        int nodesAfter,
        @JsonProperty("ms") double millis,
        List<Refusal> refusals) {
    private static final double NANOS_A_MILLISECOND = 1e6;

    public PassOutcome {
        refusals = List.copyOf(refusals);
    }

    /** The passes of a pipeline, in their order. */
    public static List<PassOutcome> of(TransformReport report) {
        return report.entries().stream()
                .map(entry -> new PassOutcome(
                        report.pipeline(),
                        entry.pass(),
                        entry.fired(),
                        entry.nodesBefore(),
                        entry.nodesAfter(),
                        entry.time().toNanos() / NANOS_A_MILLISECOND,
                        entry.refusals()))
                .toList();
    }
}
