package dev.hone.task;

import dev.hone.tokenize.Encoding;
import dev.hone.tokenize.UnicodeText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects spans over the windows of one question and chooses the best.
 *
 * <p>Follows the post-processing that transformers' question answering examples share with the SQuAD 2.0 baseline: the
 * best starts and ends of each window are paired, pairs outside the context, backwards or too long are left out, and
 * no answer scores the least of the windows' scores at their first token.
 */
final class AnswerSearch {
    private static final int CONTEXT = 1;

    /** A stretch of the context in code points with its score in logits; the empty one stands for no answer. */
    private record Span(float score, int start, int end) {
        boolean none() {
            return start == end;
        }
    }

    private final Question question;
    private final QuestionOptions options;
    private final List<Span> spans = new ArrayList<>();
    private float nullScore = Float.POSITIVE_INFINITY;

    AnswerSearch(Question question, QuestionOptions options) {
        this.question = question;
        this.options = options;
    }

    /** Adds a window; the logits have one value a token. */
    void add(Encoding window, float[] startLogits, float[] endLogits) {
        nullScore = Math.min(nullScore, startLogits[0] + endLogits[0]);
        List<Integer> ends = Scores.top(endLogits, options.bestCount());
        for (int start : Scores.top(startLogits, options.bestCount())) {
            for (int end : ends) {
                int tokens = end - start + 1;
                boolean valid = tokens >= 1 && tokens <= options.maximumAnswerTokens();
                if (valid && window.sequences()[start] == CONTEXT && window.sequences()[end] == CONTEXT) {
                    addSpan(startLogits[start] + endLogits[end], window.starts()[start], window.ends()[end]);
                }
            }
        }
    }

    private void addSpan(float score, int start, int end) {
        if (start < end) {
            spans.add(new Span(score, start, end));
        }
    }

    Answer choose() {
        spans.sort(Comparator.comparingDouble(Span::score).reversed());
        var none = new Span(nullScore, 0, 0);
        if (spans.isEmpty()) {
            return new Answer(question.question(), "", 1, 0, 0, Double.POSITIVE_INFINITY);
        }
        Span best = spans.getFirst();
        double nullMargin = (double) nullScore - best.score();
        Span chosen = nullMargin > options.nullThreshold() ? none : best;
        return new Answer(
                question.question(),
                chosen.none() ? "" : UnicodeText.slice(question.context(), chosen.start(), chosen.end()),
                probability(chosen, considered(none)),
                chosen.start(),
                chosen.end(),
                nullMargin);
    }

    /** The best spans, and no answer where that is a choice: in their number if it is among them, else beyond it. */
    private List<Span> considered(Span none) {
        int most = Math.min(options.bestCount(), spans.size());
        if (options.nullThreshold() == Double.POSITIVE_INFINITY) {
            return spans.subList(0, most);
        }
        boolean amongBest = spans.size() >= options.bestCount()
                && none.score() > spans.get(options.bestCount() - 1).score();
        var considered = new ArrayList<Span>(spans.subList(0, amongBest ? most - 1 : most));
        considered.add(none);
        return considered;
    }

    private static double probability(Span chosen, List<Span> considered) {
        double largest = considered.stream().mapToDouble(Span::score).max().orElseThrow();
        double sum = 0;
        for (Span span : considered) {
            sum += Math.exp(span.score() - largest);
        }
        return Math.exp(chosen.score() - largest) / sum;
    }
}
