package dev.hone.optimize;

import dev.hone.measure.MachineRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search came to.
 *
 * @param instructions the set that code was emitted for, which a processor must have to run what was chosen
 * @param promise what may be lost, in points, of a metric
 * @param candidates the original first
 * @param checks on held-out rows, the last one of the candidate that was chosen; earlier ones were withdrawn
 * @param chosen the name of a candidate
 * @param layers what each layer does alone; empty where that was not measured
 * @param notes what a reader should know of the search, in sentences
 */
public record SearchReport(
        String model,
        MachineRecord machine,
        String instructions,
        int threads,
        Data data,
        Promise promise,
        List<Trial> candidates,
        List<HeldOutCheck> checks,
        String chosen,
        List<LayerEffect> layers,
        List<String> notes,
        Spent spent) {
    public SearchReport {
        candidates = List.copyOf(candidates);
        checks = List.copyOf(checks);
        layers = List.copyOf(layers);
        notes = List.copyOf(notes);
    }

    /** Where the rows come from, and how many were used for what. */
    public record Data(String source, int searchRows, int heldOutRows) {}

    /**
     * What is asked of a candidate.
     *
     * @param mostLoss as it was given
     * @param mostPoints the same in points of the metric
     * @param objective what becomes better
     */
    public record Promise(String metric, String mostLoss, double mostPoints, String objective, List<Integer> lengths) {}

    /**
     * @param seconds of this run
     * @param measured things that were measured in it
     * @param known things that an earlier run had measured
     */
    public record Spent(double seconds, int measured, int known) {}

    public Trial original() {
        return candidates.getFirst();
    }

    public Trial chosenTrial() {
        return candidates.stream()
                .filter(candidate -> candidate.name().equals(chosen))
                .findFirst()
                .orElseThrow();
    }

    /** The check of the choice; null when the original was kept, which needs none. */
    public @Nullable HeldOutCheck check() {
        return checks.stream()
                .filter(check -> check.candidate().equals(chosen))
                .findFirst()
                .orElse(null);
    }
}
