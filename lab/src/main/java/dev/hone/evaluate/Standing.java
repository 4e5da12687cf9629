package dev.hone.evaluate;

import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.metric.Outcomes;
import java.util.ArrayList;
import java.util.List;

/** What is kept of an entrant's answers, and the time they took. */
final class Standing {
    private static final double NANOS_A_MILLISECOND = 1e6;

    private final Entrant entrant;
    private final Judge judge;
    private final int batch;
    private final Outcomes outcomes;
    private final Outcomes agreement;
    private final List<Double> callMillis = new ArrayList<>();
    private long tokenizerNanos;
    private boolean warm;

    Standing(Entrant entrant, Judge judge, int batch) {
        this.entrant = entrant;
        this.judge = judge;
        this.batch = batch;
        this.outcomes = new Outcomes(judge.scoring().width());
        this.agreement = new Outcomes(judge.agreement().width());
    }

    /** Answers rows in calls of rows that are about as long; the answers are in the order of the rows. */
    List<Prediction> answer(List<Example> rows) {
        return LengthCalls.answer(rows, batch, this::call);
    }

    private List<Prediction> call(List<Example> rows) {
        if (!warm) {
            // The first call also loads classes and fills caches, which would count as a row's latency.
            entrant.predictor().answer(rows);
            warm = true;
        }
        long tokenizerBefore = entrant.predictor().tokenizerNanos();
        long begin = System.nanoTime();
        List<Prediction> answers = entrant.predictor().answer(rows);
        callMillis.add((System.nanoTime() - begin) / NANOS_A_MILLISECOND);
        tokenizerNanos += entrant.predictor().tokenizerNanos() - tokenizerBefore;
        return answers;
    }

    /** Keeps what the figures need of the answers to rows, and of what the original said to them. */
    void judge(List<Example> rows, List<Prediction> answers, List<Prediction> original) {
        for (int row = 0; row < rows.size(); row++) {
            outcomes.add(judge.outcome(rows.get(row), answers.get(row)));
            agreement.add(judge.agreement(original.get(row), answers.get(row)));
        }
    }

    Entrant entrant() {
        return entrant;
    }

    Outcomes outcomes() {
        return outcomes;
    }

    Outcomes agreement() {
        return agreement;
    }

    double[] callMillis() {
        return callMillis.stream().mapToDouble(Double::doubleValue).toArray();
    }

    double tokenizerSeconds() {
        return tokenizerNanos / 1e9;
    }
}
