package dev.hone.evaluate;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.EvaluationResult.Against;
import dev.hone.evaluate.data.DataTask;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.data.Rows;
import dev.hone.evaluate.metric.Bootstrap;
import dev.hone.evaluate.metric.McNemar;
import dev.hone.evaluate.metric.Sample;
import dev.hone.evaluate.metric.Scoring;
import dev.hone.measure.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Models on the same rows, by turns: each answers some hundred rows, then the next one answers them. Every other window
 * goes in the opposite order, so that no model always comes first.
 *
 * <p>Of a row only a few numbers are kept once all have answered, so that a file may be larger than memory.
 */
public final class Evaluation {
    /** Rows that are sorted by length together; more would hold memory and gain little. */
    static final int WINDOW = 512;

    private static final double MILLIS_A_SECOND = 1000;

    /**
     * What is evaluated and how.
     *
     * @param model its files, for their size
     * @param batch rows of a call
     * @param seed of the intervals
     */
    public record Conditions(DataTask task, Judge judge, Path model, int batch, long seed) {
        public Conditions {
            if (batch < 1) {
                throw new HoneException(Category.USAGE, "batch " + batch + ": give a number of at least 1");
            }
        }
    }

    /** Is told what each entrant said to a row. */
    @FunctionalInterface
    public interface Listener {
        void answered(Entrant entrant, Example example, Prediction prediction);
    }

    private final Conditions conditions;
    private final List<Standing> standings;
    private final Listener listener;
    private int windows;

    /** @param entrants the original first */
    public Evaluation(Conditions conditions, List<Entrant> entrants, Listener listener) {
        this.conditions = conditions;
        this.standings = entrants.stream()
                .map(entrant -> new Standing(entrant, conditions.judge(), conditions.batch()))
                .toList();
        this.listener = listener;
    }

    /**
     * Lets all answer all rows of a file.
     *
     * @param window is run after some hundred rows each time
     */
    public void answer(Rows rows, Runnable window) {
        List<Example> waiting = new ArrayList<>();
        for (Example row = rows.next(); row != null; row = rows.next()) {
            waiting.add(row);
            if (waiting.size() == WINDOW) {
                answer(waiting, window);
                waiting.clear();
            }
        }
        answer(waiting, window);
    }

    /** Lets all answer rows that are in memory. */
    public void answer(List<Example> rows, Runnable window) {
        for (int from = 0; from < rows.size(); from += WINDOW) {
            answerWindow(rows.subList(from, Math.min(from + WINDOW, rows.size())));
            window.run();
        }
    }

    private void answerWindow(List<Example> rows) {
        List<List<Prediction>> all = new ArrayList<>(Collections.nCopies(standings.size(), List.of()));
        for (int turn = 0; turn < standings.size(); turn++) {
            int index = windows % 2 == 0 ? turn : standings.size() - 1 - turn;
            all.set(index, standings.get(index).answer(rows));
        }
        windows++;
        for (int index = 0; index < standings.size(); index++) {
            Standing standing = standings.get(index);
            List<Prediction> answers = all.get(index);
            standing.judge(rows, answers, all.getFirst());
            for (int row = 0; row < rows.size(); row++) {
                listener.answered(standing.entrant(), rows.get(row), answers.get(row));
            }
        }
    }

    /** Milliseconds of each call so far, for each entrant in their order; calls of one place had the same rows. */
    public List<double[]> callMillis() {
        return standings.stream().map(Standing::callMillis).toList();
    }

    /**
     * The results so far, in the order of the entrants.
     *
     * @throws HoneException of category {@code INPUT} when there was no row
     */
    public List<EvaluationResult> results() {
        if (standings.getFirst().outcomes().rows() == 0) {
            throw new HoneException(Category.INPUT, "the data have no row to evaluate on; give a file with rows");
        }
        return standings.stream().map(this::result).toList();
    }

    private EvaluationResult result(Standing standing) {
        Scoring scoring = conditions.judge().scoring();
        Sample sample = standing.outcomes().all();
        Map<String, Double> metrics = new LinkedHashMap<>(scoring.metrics(sample));
        metrics.putAll(scoring.details(sample));
        double[] millis = standing.callMillis();
        double seconds = Arrays.stream(millis).sum() / MILLIS_A_SECOND;
        OptionalLong peak = Footprint.peakMemory();
        return new EvaluationResult(
                conditions.task().label(),
                standing.outcomes().rows(),
                standing.entrant().engine(),
                standing.entrant().precision(),
                Json.numbers(metrics),
                Bootstrap.intervals(scoring, sample, conditions.seed()),
                seconds,
                standing.outcomes().rows() / seconds,
                Spread.of(millis),
                conditions.batch(),
                standing.tokenizerSeconds(),
                peak.isPresent() ? peak.getAsLong() : null,
                Footprint.modelBytes(conditions.model()),
                standing == standings.getFirst() ? null : against(standing));
    }

    private Against against(Standing standing) {
        Standing original = standings.getFirst();
        Scoring scoring = conditions.judge().scoring();
        Sample first = original.outcomes().all();
        return new Against(
                original.entrant().engine(),
                original.entrant().precision(),
                Json.numbers(conditions
                        .judge()
                        .agreement()
                        .metrics(standing.agreement().all())),
                Bootstrap.differences(scoring, first, standing.outcomes(), conditions.seed()),
                scoring.countsRightRows() ? McNemar.of(first, standing.outcomes()) : null);
    }
}
