package dev.hone.optimize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Chooses among candidates by what was measured of them, and by nothing else. */
public final class Decision {
    /** Gains that differ by less than this factor count as equal. */
    private static final double AS_GOOD = 1.05;

    private Decision() {}

    /**
     * What a decision rests on.
     *
     * @param gain how many times as good as the original in what is to become better, as far as that is sure: the
     *     lower end of its interval; above 0
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

        /** The least that its score is above the original's; nothing is lost where the answers are the same. */
        private double leastKept() {
            return same ? 0 : lowerBound;
        }
    }

    /**
     * Those that are allowed, the best first; the original ends the list.
     *
     * <p>Of those whose gain is within a few parts of a hundred of the best one's, the one that may lose least comes
     * first: such gains change places from one measurement to the next, and answers do not.
     */
    public static List<Judged> ranked(List<Judged> candidates, double mostPoints) {
        Judged original = candidates.stream()
                .filter(Judged::original)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the original is not among the candidates"));
        List<Judged> left = new ArrayList<>(candidates.stream()
                .filter(candidate -> candidate.isAllowed(mostPoints))
                .filter(candidate -> !candidate.original() && candidate.gain() > original.gain())
                .toList());
        List<Judged> ranked = new ArrayList<>();
        while (!left.isEmpty()) {
            double best = left.stream().mapToDouble(Judged::gain).max().orElseThrow();
            Judged next = left.stream()
                    .filter(candidate -> isAsGood(candidate.gain(), best))
                    .max(Comparator.comparingDouble(Judged::leastKept)
                            .thenComparingDouble(Judged::score)
                            .thenComparingDouble(Judged::gain))
                    .orElseThrow();
            ranked.add(next);
            left.remove(next);
        }
        ranked.add(original);
        return List.copyOf(ranked);
    }

    /** Whether a gain cannot be told from another one that is at least as large. */
    public static boolean isAsGood(double gain, double best) {
        return gain * AS_GOOD >= best;
    }

    /** Whether no other candidate is at least as good in gain and score and better in one of them. */
    public static boolean isOnFront(Judged candidate, List<Judged> all) {
        return all.stream()
                .noneMatch(other -> other.gain() >= candidate.gain()
                        && other.score() >= candidate.score()
                        && (other.gain() > candidate.gain() || other.score() > candidate.score()));
    }
}
