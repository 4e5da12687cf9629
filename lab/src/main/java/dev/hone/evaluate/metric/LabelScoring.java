package dev.hone.evaluate.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Accuracy, precision, recall, F1 and Matthews' correlation of one label a row.
 *
 * <p>With two labels the second is the one that is looked for; with more, precision, recall and F1 are the unweighted
 * means over the labels that occur. Where a quotient has nothing below its line it is 0, as in scikit-learn.
 *
 * @param labels how many labels there are
 */
public record LabelScoring(int labels) implements Scoring {
    private static final int RIGHT = 0;
    private static final int GOLD = 1;
    private static final int ANSWERED = 2;

    public LabelScoring {
        if (labels < 2) {
            throw new IllegalArgumentException(labels + " labels to tell apart");
        }
    }

    /** The numbers of a row whose right label is {@code gold}. */
    public static double[] row(int gold, int answered) {
        return new double[] {gold == answered ? 1 : 0, gold, answered};
    }

    @Override
    public int width() {
        return ANSWERED + 1;
    }

    @Override
    public boolean countsRightRows() {
        return true;
    }

    @Override
    public Map<String, Double> metrics(Sample sample) {
        long[][] counts = counts(sample);
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("accuracy", sample.sum(RIGHT) / sample.size());
        String suffix = labels == 2 ? "" : "_macro";
        metrics.put("precision" + suffix, overLabels(counts, PerLabel::precision));
        metrics.put("recall" + suffix, overLabels(counts, PerLabel::recall));
        metrics.put("f1" + suffix, overLabels(counts, PerLabel::f1));
        metrics.put("matthews", matthews(counts));
        return metrics;
    }

    private interface Figure {
        double of(PerLabel label);
    }

    private record PerLabel(long both, long gold, long answered) {
        double precision() {
            return quotient(both, answered);
        }

        double recall() {
            return quotient(both, gold);
        }

        double f1() {
            return quotient(2 * both, gold + answered);
        }
    }

    private double overLabels(long[][] counts, Figure figure) {
        if (labels == 2) {
            return figure.of(perLabel(counts, 1));
        }
        return IntStream.range(0, labels)
                .mapToObj(label -> perLabel(counts, label))
                .filter(label -> label.gold() + label.answered() > 0)
                .mapToDouble(figure::of)
                .average()
                .orElse(0);
    }

    private PerLabel perLabel(long[][] counts, int label) {
        long gold = 0;
        long answered = 0;
        for (int other = 0; other < labels; other++) {
            gold += counts[label][other];
            answered += counts[other][label];
        }
        return new PerLabel(counts[label][label], gold, answered);
    }

    private long[][] counts(Sample sample) {
        long[][] counts = new long[labels][labels];
        for (int index = 0; index < sample.size(); index++) {
            counts[(int) sample.value(index, GOLD)][(int) sample.value(index, ANSWERED)]++;
        }
        return counts;
    }

    /** Gorodkin's generalisation to any number of labels (Comparing two K-category assignments, 2004). */
    private double matthews(long[][] counts) {
        long right = 0;
        long all = 0;
        double goldTimesAnswered = 0;
        double goldSquares = 0;
        double answeredSquares = 0;
        for (int label = 0; label < labels; label++) {
            PerLabel one = perLabel(counts, label);
            right += one.both();
            all += one.gold();
            goldTimesAnswered += (double) one.gold() * one.answered();
            goldSquares += (double) one.gold() * one.gold();
            answeredSquares += (double) one.answered() * one.answered();
        }
        double square = (double) all * all;
        double spread = (square - answeredSquares) * (square - goldSquares);
        return spread == 0 ? 0 : ((double) right * all - goldTimesAnswered) / Math.sqrt(spread);
    }

    private static double quotient(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
