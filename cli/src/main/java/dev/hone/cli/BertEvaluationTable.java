package dev.hone.cli;

import dev.hone.cli.VariantModels.Scored;
import dev.hone.evaluate.EvaluationResult;
import dev.hone.measure.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What transforms do to a question answerer, as tables for people. */
final class BertEvaluationTable {
    private static final String NOT_TIMED = "%-28s %6d %6d   %s, not timed";
    private static final String SAME_GRAPH = "fired nowhere: the same graph";
    private static final String SAME_STEPS = "the same steps as the original";

    private BertEvaluationTable() {}

    /** A table for each engine. */
    static List<String> asked(List<VariantModels.Asked> asked, int threads) {
        List<String> lines = new ArrayList<>();
        String engine = "";
        for (VariantModels.Asked line : asked) {
            if (line.mean() != null && !line.engine().equals(engine)) {
                engine = line.engine();
                lines.add(text(
                        "%s: one question of %d tokens, average of %d runs by turns, %d threads",
                        engine, line.tokens(), line.runs(), threads));
                lines.add(text(
                        "%-28s %6s %6s %9s %9s %19s   %s",
                        "transform", "places", "nodes", "mean ms", "median", "95 % of the median", "gain [95 %]"));
            }
            lines.add(asked(line));
        }
        lines.add("");
        return lines;
    }

    private static String asked(VariantModels.Asked line) {
        if (line.mean() == null || line.median() == null || line.interval() == null) {
            String why = line.fired() == 0 ? SAME_GRAPH : SAME_STEPS;
            return text(NOT_TIMED, line.transform(), line.fired(), line.nodes(), why);
        }
        return text(
                "%-28s %6d %6d %9.3f %9.3f %19s   %s",
                line.transform(),
                line.fired(),
                line.nodes(),
                line.mean(),
                line.median(),
                text("[%.3f - %.3f]", line.interval().low(), line.interval().high()),
                gain(line.gain(), line.gainInterval()));
    }

    private static String gain(@Nullable Double gain, @Nullable Interval interval) {
        if (gain == null || interval == null) {
            return "";
        }
        String percent = text(
                "%+.1f %% [%+.1f - %+.1f]", 100 * (gain - 1), 100 * (interval.low() - 1), 100 * (interval.high() - 1));
        if (interval.low() > 1) {
            return percent + " quicker";
        }
        return percent + (interval.high() < 1 ? " slower" : " no difference measured");
    }

    /** F1, samples a second and the time of one, of each file in each engine; and whether F1 is the original's. */
    static List<String> evaluated(int questions, List<Scored> scores, VariantModels models) {
        List<String> lines = new ArrayList<>();
        double expected = f1(scores.getFirst().result());
        String engine = "";
        for (Scored score : scores) {
            EvaluationResult result = score.result();
            if (!result.engine().equals(engine)) {
                engine = result.engine();
                lines.add(text("%s: SQuAD v2, %d questions", engine, questions));
                lines.add(text(
                        "%-28s %9s %9s %12s %12s %18s   %s",
                        "transform", "F1", "exact", "samples/s", "ms a sample", "F1 of the original", "gain [95 %]"));
            }
            lines.add(evaluated(score, expected));
            if (!models.keepsNumbers(result.precision())) {
                lines.add("    an approximation: its answers may differ");
            }
        }
        models.unchanged()
                .forEach(variant -> lines.add(
                        text("%-28s %9s   fired nowhere: the same graph, not run again", variant.name(), "")));
        lines.add("");
        return lines;
    }

    private static String evaluated(Scored score, double expected) {
        EvaluationResult result = score.result();
        return text(
                "%-28s %9.4f %9.4f %12.1f %12.2f %18s   %s",
                result.precision(),
                f1(result),
                metric(result.metrics(), "exact"),
                result.samplesPerSecond(),
                1000 / result.samplesPerSecond(),
                f1(result) == expected ? "equal" : text("%+.4f", f1(result) - expected),
                score.sameSteps() ? SAME_STEPS : gain(score.gain(), score.gainInterval()));
    }

    private static double f1(EvaluationResult result) {
        return metric(result.metrics(), "f1");
    }

    private static double metric(Map<String, @Nullable Double> metrics, String name) {
        return Objects.requireNonNull(metrics.get(name), name);
    }

    @SuppressWarnings("AnnotateFormatMethod") // Formats are literals of this class.
    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
