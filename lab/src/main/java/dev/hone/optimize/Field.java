package dev.hone.optimize;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.evaluate.data.Example;
import dev.hone.evaluate.metric.Bootstrap.Difference;
import dev.hone.measure.Interval;
import dev.hone.measure.LatencyBenchmark;
import dev.hone.optimize.Decision.Judged;
import dev.hone.optimize.Search.Model;
import dev.hone.optimize.Workbench.Part;
import dev.hone.optimize.Workbench.Stretch;
import dev.hone.quantize.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The ways that are in the running, and what is known of each so far. */
final class Field {
    /** Rows of the sample that every way answers. */
    static final int SAMPLE = 128;

    private final Subject subject;
    private final SearchSettings settings;
    private final Model model;
    private final Workbench bench;
    private final Stretch sample;
    private final Stretch rest;
    private final Map<Way, Boolean> complete = new LinkedHashMap<>();
    private final Map<Way, Difference> differences = new LinkedHashMap<>();

    Field(Subject subject, SearchSettings settings, Model model, Workbench bench) {
        this.subject = subject;
        this.settings = settings;
        this.model = model;
        this.bench = bench;
        int rows = subject.rows().search().size();
        this.sample = new Stretch(Part.SEARCH, 0, Math.min(SAMPLE, rows));
        this.rest = new Stretch(Part.SEARCH, sample.to(), rows);
    }

    /** Lets a way answer the sample, compares its outputs and times it beside the original. */
    void sample(Way way) {
        bench.answers(answering(way), sample);
        bench.cost(way);
        refuseWrongAnswers(way);
        times(way);
        complete.put(way, rest.from() == rest.to());
    }

    /** Takes a way out of the running. */
    void withdraw(Way way) {
        complete.remove(way);
    }

    /** The original is timed beside the others. */
    void sampleOriginal() {
        bench.answers(Way.ORIGINAL, sample);
        bench.cost(Way.ORIGINAL);
        complete.put(Way.ORIGINAL, rest.from() == rest.to());
    }

    /** Lets a way answer the rest of the rows. */
    void finish(Way way) {
        if (rest.to() > rest.from()) {
            bench.answers(answering(way), rest);
        }
        complete.put(way, true);
        differences.remove(way);
    }

    /** Times of wrong answers mean nothing: what must answer as the original does has to. */
    private void refuseWrongAnswers(Way way) {
        Likeness likeness = bench.likeness(answering(way));
        Fidelity fidelity = likeness.fidelity();
        boolean alike = likeness.largestRelative() <= LatencyBenchmark.tolerance(Precision.F32)
                && (fidelity == null || fidelity.isFaithful());
        if (way.isSingle() && !alike) {
            throw new HoneException(
                    Category.MACHINE,
                    "answers differ: " + way + " is " + likeness.largestRelative() + " of the largest value off "
                            + Way.ORIGINAL + (fidelity == null ? "" : ", worst cosine " + fidelity.worstCosine())
                            + "; nothing is reported of wrong answers");
        }
    }

    /** The answers of Hone have the same bits on any number of threads. */
    private static Way answering(Way way) {
        return new Way(way.engine(), way.scheme(), Way.ORIGINAL.threads());
    }

    List<Way> ways() {
        return List.copyOf(complete.keySet());
    }

    boolean isComplete(Way way) {
        return complete.getOrDefault(way, false);
    }

    /** Whether an earlier search has answered all that {@link #finish} would. */
    boolean isKnown(Way way) {
        return bench.hasAnswers(answering(way), rest);
    }

    /** Seconds that a way takes for a row, many in a call. */
    double secondsPerRow(Way way) {
        return bench.answers(answering(way), sample).secondsPerRow();
    }

    int heldOutRows() {
        return subject.rows().heldOut().size();
    }

    int rowsLeft() {
        return rest.to() - rest.from();
    }

    /** What may be lost, in points, on all rows that the original has answered. */
    double mostPoints() {
        return settings.mostLoss().points(score(Way.ORIGINAL));
    }

    double score(Way way) {
        return subject.metric().points(outcomes(way, isComplete(way)));
    }

    /** Its score less the original's on the rows that it has answered. */
    Difference difference(Way way) {
        return differences.computeIfAbsent(
                way,
                _ -> subject.metric()
                        .difference(
                                outcomes(Way.ORIGINAL, isComplete(way) && isComplete(Way.ORIGINAL)),
                                outcomes(way, isComplete(way))));
    }

    /** Whether the sample alone shows that it loses too much. */
    boolean isHopeless(Way way) {
        return difference(way).interval().high() < -mostPoints();
    }

    Times times(Way way) {
        if (way.isOriginal()) {
            return Times.ofOriginal(ways().stream()
                    .filter(other -> !other.isOriginal())
                    .map(this::times)
                    .toList());
        }
        double seconds = secondsPerRow(Way.ORIGINAL);
        List<Example> texts = TimeTrial.texts(bench.rows(Part.SEARCH), seconds);
        TimeTrial trial = new TimeTrial(texts, settings.seconds(), settings.lengths(), subject.vocabulary());
        return bench.times(way, trial, seconds);
    }

    /** How many times as good as the original in what is to become better. */
    double gain(Way way) {
        return gains(way).median();
    }

    /** The same, as far as it is sure: by the lower ends of the intervals of times. */
    double sureGain(Way way) {
        return gains(way).low();
    }

    /** The same with the ends of its interval. */
    Decision.Gain gains(Way way) {
        if (way.isOriginal()) {
            return Decision.Gain.of(1);
        }
        return switch (settings.objective()) {
            case LATENCY -> times(way).latencyGain();
            case THROUGHPUT -> times(way).batched().gain();
            case SIZE -> Decision.Gain.of((double) size(Way.ORIGINAL) / size(way));
            case MEMORY -> Decision.Gain.of((double) memory(Way.ORIGINAL) / memory(way));
        };
    }

    private long size(Way way) {
        return bench.size(answering(way), model::sizeBytes);
    }

    private long memory(Way way) {
        return bench.memory(answering(way), model::memoryBytes);
    }

    private Trial.Footing footing(Way way) {
        OpeningCost cost = bench.cost(way);
        return switch (settings.objective()) {
            case LATENCY, THROUGHPUT -> new Trial.Footing(cost, null);
            case SIZE -> new Trial.Footing(cost, size(way));
            case MEMORY -> new Trial.Footing(new OpeningCost(cost.millis(), memory(way)), null);
        };
    }

    Judged judged(Way way) {
        boolean counts = isComplete(way) && !isComparison(way);
        double low = way.isOriginal() ? 0 : counts ? difference(way).interval().low() : Double.NaN;
        double error = way.isOriginal() ? 0 : bench.likeness(answering(way)).largestRelative();
        return new Judged(
                way.toString(),
                gains(way),
                score(way),
                new Decision.Loss(low, error),
                way.isOriginal(),
                way.isSingle());
    }

    /** Whether it is shown and not chosen. */
    boolean isComparison(Way way) {
        return settings.comparisons().contains(way.scheme());
    }

    List<Judged> judged() {
        return ways().stream().map(this::judged).toList();
    }

    Way way(String name) {
        return ways().stream()
                .filter(way -> way.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Everything that is known of a way. */
    Trial trial(Way way, Trial.Verdict verdict) {
        double[][] outcomes = outcomes(way, isComplete(way));
        Interval interval = subject.metric().interval(outcomes);
        int threads = way.threads().orElse(settings.threads());
        return new Trial(
                way.toString(),
                new Trial.Setup(way.engine(), way.scheme().toString(), threads, way.isOriginal()),
                outcomes.length,
                score(way),
                interval,
                way.isOriginal() ? null : difference(way),
                times(way),
                gain(way),
                way.isOriginal() ? new Likeness(0, null) : bench.likeness(answering(way)),
                footing(way),
                verdict);
    }

    private double[][] outcomes(Way way, boolean all) {
        List<Stretch> stretches = all ? List.of(sample, rest) : List.of(sample);
        return stretches.stream()
                .filter(stretch -> stretch.to() > stretch.from())
                .flatMap(stretch ->
                        Stream.of(bench.answers(answering(way), stretch).outcomes()))
                .toArray(double[][]::new);
    }

    /** The effect of a way on the sample alone, for layers that are lowered one by one. */
    LayerEffect effect(String layer, Precision precision, Way way) {
        double[][] first = bench.answers(Way.ORIGINAL, sample).outcomes();
        double[][] second = bench.answers(way, sample).outcomes();
        return new LayerEffect(
                layer, precision.label(), bench.error(way), subject.metric().difference(first, second));
    }

    /** Held-out rows, answered by the original and by a way. */
    HeldOutCheck check(Way way) {
        Stretch all = new Stretch(Part.HELD_OUT, 0, subject.rows().heldOut().size());
        double[][] first = bench.answers(Way.ORIGINAL, all).outcomes();
        double[][] second = bench.answers(answering(way), all).outcomes();
        Metric metric = subject.metric();
        Difference difference = metric.difference(first, second);
        double points = settings.mostLoss().points(metric.points(first));
        return new HeldOutCheck(
                way.toString(),
                all.to(),
                metric.points(first),
                metric.points(second),
                metric.interval(second),
                difference,
                way.isSingle() ? HeldOutCheck.Outcome.SAME : HeldOutCheck.outcome(difference, points));
    }

    /** Whether opened artefacts answer the sample as a way does, to the last digit of each outcome. */
    boolean answersAs(Way way, OpenedWay opened) {
        List<Example> rows = new ArrayList<>(bench.rows(Part.SEARCH).subList(0, sample.to()));
        double[][] expected = bench.answers(answering(way), sample).outcomes();
        return Arrays.deepEquals(
                expected, bench.answer(opened.predictor(), rows).outcomes());
    }
}
