package dev.hone.optimize;

import dev.hone.measure.MachineRecord;
import java.util.Comparator;
import java.util.List;

/**
 * What optimising a model came to.
 *
 * @param candidates the original first
 * @param chosen the name of the faithful candidate that is quickest over all shapes; the original may win
 */
public record OptimizeReport(
        String model, MachineRecord machine, int threads, Sample sample, List<Candidate> candidates, String chosen) {
    public OptimizeReport {
        candidates = List.copyOf(candidates);
    }

    /**
     * The texts that fidelity and throughput rest on.
     *
     * @param pairs graded pairs
     * @param texts different texts
     * @param tokens tokens of all texts, special tokens included
     * @param medianTokens of a text
     * @param mostTokens of a text
     */
    public record Sample(int pairs, int texts, int tokens, double medianTokens, int mostTokens) {}

    /** The name of the faithful candidate that is quickest over all shapes; the original where none is faithful. */
    public static String choose(List<Candidate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.fidelity().isFaithful())
                .min(Comparator.comparingDouble(Candidate::typicalMillis))
                .orElse(candidates.getFirst())
                .name();
    }
}
