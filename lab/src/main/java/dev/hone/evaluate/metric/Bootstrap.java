package dev.hone.evaluate.metric;

import dev.hone.measure.Interval;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Intervals of figures, and of differences between two models on the same rows, by drawing rows with replacement
 * (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 16: percentiles).
 */
public final class Bootstrap {
    private static final int DRAWS = 1000;
    private static final double TAIL = 0.025;

    /**
     * A difference between two models.
     *
     * @param difference figure of the second model less that of the first
     * @param interval 95 % interval of it
     * @param probability two-sided: how often so large a difference comes from the choice of rows alone
     */
    public record Difference(double difference, Interval interval, double probability) {
        /** Whether the difference is more than the choice of rows explains, at 5 %. */
        public boolean real() {
            return probability < 2 * TAIL;
        }
    }

    private Bootstrap() {}

    /** The 95 % interval of each metric; a metric that is not a number on some draw has none. */
    public static Map<String, Interval> intervals(Scoring scoring, Sample sample, long seed) {
        Map<String, double[]> draws = new LinkedHashMap<>();
        scoring.metrics(sample).keySet().forEach(name -> draws.put(name, nothing()));
        SplittableRandom random = new SplittableRandom(seed);
        for (int draw = 0; draw < DRAWS; draw++) {
            Map<String, Double> metrics = scoring.metrics(new Sample(sample.outcomes(), draw(sample, random)));
            store(draws, metrics, draw);
        }
        var intervals = new LinkedHashMap<String, Interval>();
        draws.forEach((name, values) -> {
            if (Arrays.stream(values).noneMatch(Double::isNaN)) {
                intervals.put(name, percentiles(values));
            }
        });
        return intervals;
    }

    /**
     * What changed from one model to another, for each metric.
     *
     * @param first rows of the original
     * @param second outcomes of the same rows, in the same order
     */
    public static Map<String, Difference> differences(Scoring scoring, Sample first, Outcomes second, long seed) {
        Map<String, Double> observed =
                minus(scoring.metrics(new Sample(second, first.chosen())), scoring.metrics(first));
        Map<String, double[]> draws = new LinkedHashMap<>();
        observed.keySet().forEach(name -> draws.put(name, nothing()));
        SplittableRandom random = new SplittableRandom(seed);
        for (int draw = 0; draw < DRAWS; draw++) {
            int[] chosen = draw(first, random);
            Map<String, Double> drawn = minus(
                    scoring.metrics(new Sample(second, chosen)), scoring.metrics(new Sample(first.outcomes(), chosen)));
            store(draws, drawn, draw);
        }
        var differences = new LinkedHashMap<String, Difference>();
        observed.forEach((name, difference) -> {
            double[] values = Objects.requireNonNull(draws.get(name));
            if (Arrays.stream(values).noneMatch(Double::isNaN)) {
                differences.put(name, new Difference(difference, percentiles(values), probability(values)));
            }
        });
        return differences;
    }

    private static double[] nothing() {
        double[] values = new double[DRAWS];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    private static void store(Map<String, double[]> draws, Map<String, Double> metrics, int draw) {
        metrics.forEach((name, value) -> {
            double[] values = draws.get(name);
            if (values != null) {
                values[draw] = value;
            }
        });
    }

    private static Map<String, Double> minus(Map<String, Double> second, Map<String, Double> first) {
        var differences = new LinkedHashMap<String, Double>();
        second.forEach((name, value) -> {
            Double original = first.get(name);
            if (original != null) {
                differences.put(name, value - original);
            }
        });
        return differences;
    }

    private static int[] draw(Sample sample, SplittableRandom random) {
        int[] from = sample.chosen();
        int[] chosen = new int[from.length];
        for (int index = 0; index < chosen.length; index++) {
            chosen[index] = from[random.nextInt(from.length)];
        }
        return chosen;
    }

    private static Interval percentiles(double[] draws) {
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        int low = (int) Math.floor(TAIL * (sorted.length - 1));
        return new Interval(sorted[low], sorted[sorted.length - 1 - low]);
    }

    /**
     * Twice the smaller share of draws on one side of no difference; a draw without one counts on both sides. What was
     * observed counts as a draw too, since a thousand draws cannot tell a probability of 0 (Davison and Hinkley,
     * Bootstrap Methods and their Application, 1997, section 4.2).
     */
    private static double probability(double[] draws) {
        long notAbove = Arrays.stream(draws).filter(draw -> draw <= 0).count();
        long notBelow = Arrays.stream(draws).filter(draw -> draw >= 0).count();
        return Math.min(1, 2.0 * (Math.min(notAbove, notBelow) + 1) / (draws.length + 1));
    }
}
