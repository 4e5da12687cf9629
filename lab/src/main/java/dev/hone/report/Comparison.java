package dev.hone.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The candidates and what they were judged by.
 *
 * @param metric what scores are, for example {@code accuracy}; higher is better
 * @param constraint in words, for example {@code loses at most 1 % of the original's accuracy}
 * @param leastScore the lowest score that keeps the constraint; null where it is not about the score
 * @param candidates the original first
 * @param sensitivities operators that were lowered alone; empty where that was not measured
 */
public record Comparison(
        String metric,
        Objective objective,
        String constraint,
        @Nullable Double leastScore,
        List<CandidateRow> candidates,
        List<Sensitivity> sensitivities) {
    public Comparison {
        candidates = List.copyOf(candidates);
        sensitivities = List.copyOf(sensitivities);
    }

    /**
     * What is to become better.
     *
     * @param name for example {@code latency at 32 tokens} or {@code throughput}
     * @param unit for example {@code ms} or {@code texts/s}
     */
    public record Objective(String name, String unit, boolean higherIsBetter) {}
}
