package dev.hone.measure;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.engines.EngineSession.PreparedCall;
import dev.hone.measure.TurnTimer.Turn;
import dev.hone.session.EncoderOutputs;
import dev.hone.session.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Latency of several engines at one shape after another, interleaved, with the answers compared before. */
public final class LatencyBenchmark {
    /** Answers of two engines in single precision may differ by this share of the largest value. */
    public static final double F32_TOLERANCE = 1e-4;

    private static final long SEED = 20_240_607L;

    private final List<Contestant> contestants;
    private final Conditions conditions;
    private final TurnTimer timer;

    /**
     * What holds for every shape of one benchmark.
     *
     * @param threads threads of each engine, for the record
     * @param vocabulary number of token ids
     * @param work floating-point operations of the model at a shape, to say what share of the peak was reached
     * @param peak floating-point operations a second that the machine can do with these threads, when it was measured
     */
    public record Conditions(int threads, int vocabulary, ToDoubleFunction<InputShape> work, OptionalDouble peak) {}

    /** @param contestants the first one's answers are the reference of the comparison */
    public LatencyBenchmark(List<Contestant> contestants, Conditions conditions, TurnTimer timer) {
        this.contestants = List.copyOf(contestants);
        this.conditions = conditions;
        this.timer = timer;
    }

    /**
     * Compares the answers of all contestants at a shape.
     *
     * @return the difference of each from the first, in order; empty for a single contestant
     * @throws HoneException of category {@code MACHINE} when they differ by more than the tolerance
     */
    public List<AnswerDifference> compare(InputShape shape) {
        TokenBatch batch = shape.tokens(conditions.vocabulary(), SEED);
        EncoderOutputs reference = contestants.getFirst().session().run(batch);
        List<AnswerDifference> differences = new ArrayList<>();
        for (Contestant other : contestants.subList(1, contestants.size())) {
            AnswerDifference difference =
                    AnswerDifference.between(reference, other.session().run(batch));
            if (!(difference.largestRelative() <= F32_TOLERANCE)) {
                throw new HoneException(
                        Category.MACHINE,
                        "answers differ at " + shape + ": " + other + " is " + difference.largestRelative() + " off "
                                + contestants.getFirst() + ", more than " + F32_TOLERANCE
                                + " of the largest value; no times are reported for wrong answers");
            }
            differences.add(difference);
        }
        return differences;
    }

    /** Turns that one call of {@link #measure} takes. */
    public int turns() {
        return timer.turns(contestants.size());
    }

    /** Compares the answers at a shape and then times all contestants by turns; results in their order. */
    public List<Latency> measure(InputShape shape, Runnable afterTurn) {
        compare(shape);
        TokenBatch batch = shape.tokens(conditions.vocabulary(), SEED);
        List<PreparedCall> calls = new ArrayList<>();
        try {
            contestants.forEach(contestant -> calls.add(contestant.session().prepare(batch)));
            List<Turn> turns =
                    calls.stream().map(call -> new Turn(call::run, call::run)).toList();
            List<List<double[]>> blocks = timer.time(turns, afterTurn);
            List<Latency> results = new ArrayList<>();
            for (int i = 0; i < blocks.size(); i++) {
                results.add(latency(contestants.get(i), shape, Summary.of(blocks.get(i))));
            }
            return results;
        } finally {
            calls.forEach(PreparedCall::close);
        }
    }

    private Latency latency(Contestant contestant, InputShape shape, Summary summary) {
        double seconds = summary.median() / 1e3;
        OptionalDouble peak = conditions.peak();
        return new Latency(
                contestant.engine(),
                contestant.precision(),
                shape.batch(),
                shape.sequence(),
                conditions.threads(),
                summary.samples(),
                summary.median(),
                summary.interval().low(),
                summary.interval().high(),
                summary.p90(),
                summary.p99(),
                shape.batch() / seconds,
                peak.isPresent() ? conditions.work().applyAsDouble(shape) / seconds / peak.getAsDouble() : null);
    }
}
