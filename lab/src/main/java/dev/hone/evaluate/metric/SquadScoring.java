package dev.hone.evaluate.metric;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Exact match and F1 of SQuAD 1.1 and 2.0, in percent, with the names and the arithmetic of the official scripts.
 *
 * <p>Questions with and without an answer are also scored apart, and the best threshold of the margin of no answer is
 * looked for, where there are questions without an answer.
 */
public final class SquadScoring implements Scoring {
    private static final int EXACT = 0;
    private static final int F1 = 1;
    private static final int ANSWERABLE = 2;
    private static final int BEST_EXACT = 3;
    private static final int BEST_F1 = 4;
    private static final int BEST_EMPTY = 5;
    private static final int MARGIN = 6;
    private static final double PERCENT = 100;

    /**
     * What a model says to a question.
     *
     * @param answer its answer; empty for none
     * @param best its best stretch of the context, even where it answers that there is none
     * @param nullMargin how sure it is that there is none: larger is surer
     */
    public record Said(String answer, String best, double nullMargin) {
        /** An answer of a model that does not weigh whether there is one. */
        public static Said plainly(String answer) {
            return new Said(answer, answer, answer.isEmpty() ? 1 : 0);
        }
    }

    @Override
    public int width() {
        return MARGIN + 1;
    }

    @Override
    public boolean countsRightRows() {
        return true;
    }

    /** The numbers of a question; no gold answer stands for a question that has none. */
    public static double[] row(Said said, List<String> gold) {
        List<String> counted = gold.stream()
                .filter(answer -> !SquadText.words(answer).isEmpty())
                .toList();
        List<String> accepted = counted.isEmpty() ? List.of("") : counted;
        double[] row = new double[MARGIN + 1];
        for (String answer : accepted) {
            row[EXACT] = Math.max(row[EXACT], SquadText.exact(said.answer(), answer));
            row[F1] = Math.max(row[F1], SquadText.f1(said.answer(), answer));
            row[BEST_EXACT] = Math.max(row[BEST_EXACT], SquadText.exact(said.best(), answer));
            row[BEST_F1] = Math.max(row[BEST_F1], SquadText.f1(said.best(), answer));
        }
        row[ANSWERABLE] = gold.isEmpty() ? 0 : 1;
        row[BEST_EMPTY] = said.best().isEmpty() ? 1 : 0;
        row[MARGIN] = said.nullMargin();
        return row;
    }

    @Override
    public Map<String, Double> metrics(Sample sample) {
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("exact", PERCENT * sample.sum(EXACT) / sample.size());
        metrics.put("f1", PERCENT * sample.sum(F1) / sample.size());
        double answerable = sample.sum(ANSWERABLE);
        if (answerable < sample.size()) {
            putPart(metrics, sample, true);
            putPart(metrics, sample, false);
        }
        return metrics;
    }

    private static void putPart(Map<String, Double> metrics, Sample sample, boolean answerable) {
        double exact = 0;
        double f1 = 0;
        int count = 0;
        for (int index = 0; index < sample.size(); index++) {
            if ((sample.value(index, ANSWERABLE) > 0) == answerable) {
                exact += sample.value(index, EXACT);
                f1 += sample.value(index, F1);
                count++;
            }
        }
        if (count > 0) {
            String part = part(answerable);
            metrics.put(part + "exact", PERCENT * exact / count);
            metrics.put(part + "f1", PERCENT * f1 / count);
        }
    }

    private static String part(boolean answerable) {
        return answerable ? "HasAns_" : "NoAns_";
    }

    @Override
    public Map<String, Double> details(Sample sample) {
        var details = new LinkedHashMap<String, Double>();
        details.put("total", (double) sample.size());
        double answerable = sample.sum(ANSWERABLE);
        if (answerable < sample.size()) {
            if (answerable > 0) {
                details.put("HasAns_total", answerable);
            }
            details.put("NoAns_total", sample.size() - answerable);
            putBest(details, sample, "best_exact", BEST_EXACT);
            putBest(details, sample, "best_f1", BEST_F1);
        }
        return details;
    }

    /** Raises the threshold from question to question, by margin, and keeps where the score was highest. */
    private static void putBest(Map<String, Double> details, Sample sample, String name, int column) {
        double score = sample.size() - sample.sum(ANSWERABLE);
        double best = score;
        double threshold = 0;
        List<Integer> byMargin = IntStream.range(0, sample.size())
                .boxed()
                .sorted(Comparator.comparingDouble(index -> sample.value(index, MARGIN)))
                .toList();
        for (int index : byMargin) {
            boolean answerable = sample.value(index, ANSWERABLE) > 0;
            double lost = sample.value(index, BEST_EMPTY) > 0 ? 0 : -1;
            score += answerable ? sample.value(index, column) : lost;
            if (score > best) {
                best = score;
                threshold = sample.value(index, MARGIN);
            }
        }
        details.put(name, PERCENT * best / sample.size());
        details.put(name + "_thresh", threshold);
    }
}
