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
     * How many times as good as the original in what is to become better; above 0.
     *
     * @param low as far as that is sure: the lower end of its interval
     * @param high the upper end
     */
    public record Gain(double low, double median, double high) {
        /** A gain without doubt. */
        static Gain of(double times) {
            return new Gain(times, times, times);
        }

        /**
         * Whether it cannot be told from another one that is surely at least as large: the two differ by a few parts of
         * a hundred, or each one's interval reaches the other's middle.
         */
        boolean isAsGoodAs(Gain best) {
            return low * AS_GOOD >= best.low || (median * AS_GOOD >= best.low && high >= best.median);
        }
    }

    /**
     * What is lost.
     *
     * @param lowerBound the least that the score is above the original's, in points, with 97.5 % confidence; not a
     *     number where that was not measured on all rows
     * @param error how far outputs are from the original's, whatever is right
     */
    public record Loss(double lowerBound, double error) {}

    /**
     * What a decision rests on.
     *
     * @param score in points
     * @param original whether it is the original
     * @param same whether it answers as the original does, as f32 must
     */
    public record Judged(String name, Gain gain, double score, Loss loss, boolean original, boolean same) {
        /** Whether it keeps the promise to lose at most so many points. At 0 only the same answers do. */
        public boolean isAllowed(double mostPoints) {
            return original || same || (mostPoints > 0 && loss.lowerBound() >= -mostPoints);
        }
    }

    /**
     * Those that are allowed, the best first; the original ends the list.
     *
     * <p>Of those whose gain cannot be told from the best one's, the one comes first whose outputs are nearest to the
     * original's: such gains change places from one measurement to the next, and outputs do not.
     */
    public static List<Judged> ranked(List<Judged> candidates, double mostPoints) {
        Judged original = candidates.stream()
                .filter(Judged::original)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the original is not among the candidates"));
        List<Judged> left = new ArrayList<>(candidates.stream()
                .filter(candidate -> candidate.isAllowed(mostPoints))
                .filter(candidate -> !candidate.original()
                        && candidate.gain().low() > original.gain().low())
                .toList());
        List<Judged> ranked = new ArrayList<>();
        while (!left.isEmpty()) {
            Gain best = left.stream()
                    .map(Judged::gain)
                    .max(Comparator.comparingDouble(Gain::low))
                    .orElseThrow();
            Judged next = left.stream()
                    .filter(candidate -> candidate.gain().isAsGoodAs(best))
                    .min(Comparator.comparingDouble(
                                    (Judged judged) -> judged.loss().error())
                            .thenComparing(judged -> judged.gain().low(), Comparator.reverseOrder()))
                    .orElseThrow();
            ranked.add(next);
            left.remove(next);
        }
        ranked.add(original);
        return List.copyOf(ranked);
    }

    /** Whether no other candidate is at least as good in gain and score and better in one of them. */
    public static boolean isOnFront(Judged candidate, List<Judged> all) {
        return all.stream()
                .noneMatch(other -> other.gain().low() >= candidate.gain().low()
                        && other.score() >= candidate.score()
                        && (other.gain().low() > candidate.gain().low() || other.score() > candidate.score()));
    }
}
