package dev.hone.optimize;

import java.util.Comparator;
import java.util.List;

/** Chooses among candidates by what was measured of them, and by nothing else. */
public final class Decision {
    private Decision() {}

    /**
     * What a decision rests on.
     *
     * @param gain how many times as good as the original in what is to become better; above 0
     * @param score in points
     * @param lowerBound the least that its score is above the original's, in points, with 97.5 % confidence; not a
     *     number where that was not measured on all rows
     * @param original whether it is the original
     * @param same whether it answers as the original does, as f32 must
     */
    public record Judged(String name, double gain, double score, double lowerBound, boolean original, boolean same) {
        /** Whether it keeps the promise to lose at most so many points. At 0 only the same answers do. */
        public boolean isAllowed(double mostPoints) {
            return original || same || (mostPoints > 0 && lowerBound >= -mostPoints);
        }
    }

    /** Those that are allowed, the best first; the original ends the list. */
    public static List<Judged> ranked(List<Judged> candidates, double mostPoints) {
        double originalGain = candidates.stream()
                .filter(Judged::original)
                .mapToDouble(Judged::gain)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the original is not among the candidates"));
        return candidates.stream()
                .filter(candidate -> candidate.isAllowed(mostPoints))
                .filter(candidate -> candidate.original() || candidate.gain() > originalGain)
                .sorted(Comparator.comparingDouble(Judged::gain)
                        .thenComparingDouble(Judged::score)
                        .reversed())
                .toList();
    }

    /** Whether no other candidate is at least as good in gain and score and better in one of them. */
    public static boolean isOnFront(Judged candidate, List<Judged> all) {
        return all.stream()
                .noneMatch(other -> other.gain() >= candidate.gain()
                        && other.score() >= candidate.score()
                        && (other.gain() > candidate.gain() || other.score() > candidate.score()));
    }
}
